import Events
import Messages

/// XXH64 of the texts of an event that a fold asks for more than once; 0 for those it lacks.
struct EventHashes: Sendable {
    var user: UInt64 = 0
    var item: UInt64 = 0
    /// Of the whole path.
    var category: UInt64 = 0

    init() {}

    /// `bytes` is what the slices of `record` point into.
    @inline(__always)
    init(_ record: RecordFields, in bytes: Span<UInt8>) {
        user = XXH64.hash(bytes, in: record.event.userID.range)
        let category = record.category
        if !record.event.itemID.isEmpty {
            item = XXH64.hash(bytes, in: record.event.itemID.range)
        }
        if !category.isEmpty { self.category = XXH64.hash(bytes, in: category.range) }
    }

    /// Stands for the item together with its category.
    @inline(__always)
    var pair: UInt64 { item ^ (category &* 0x9E37_79B9_7F4A_7C15) }
}
