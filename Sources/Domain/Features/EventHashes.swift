import Events
import Messages

/// Hashes of the texts of an event that a fold asks for more than once; 0 for those it lacks.
///
/// Users and told items stand in tables that all users share, so their hashes are keyed: else
/// whoever makes ids could make others' meet. What only the user's own state holds is hashed with
/// XXH64, so that a state does not depend on the folder's key.
struct EventHashes: Sendable {
    /// Keyed, with the partition.
    var user: UInt64 = 0
    /// XXH64.
    var item: UInt64 = 0
    /// XXH64 of the whole path.
    var category: UInt64 = 0
    /// Stands for the item together with its category; the item's part is keyed, and categories are
    /// the shop's.
    var told: UInt64 = 0

    init() {}

    /// `bytes` is what the slices of `record` point into.
    @inline(__always)
    init(_ record: RecordFields, in bytes: Span<UInt8>, _ keys: UserKeys, partition: Int) {
        user = keys.hash(bytes, in: record.event.userID.range, partition: partition)
        let category = record.category
        if !record.event.itemID.isEmpty {
            item = XXH64.hash(bytes, in: record.event.itemID.range)
            told = keys.text(bytes, in: record.event.itemID.range)
        }
        if !category.isEmpty {
            self.category = XXH64.hash(bytes, in: category.range)
            told ^= self.category &* 0x9E37_79B9_7F4A_7C15
        }
    }
}
