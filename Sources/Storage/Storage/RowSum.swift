import SQLite
import System

/// The sum beside a row of a partition's file: XXH64 over the numbers and bytes of the row, key
/// included, so that a row in the place of another is noticed too.
///
/// Its top bits are fixed, so that SQLite always keeps it in eight bytes and no single flipped bit
/// makes it NULL, which is what rows have that a version before has written.
enum RowSum {
    static func user(_ key: UInt64, _ state: Span<UInt8>) -> Int64 {
        marked(Checksum.xxh64(state, seed: key))
    }

    static func block(first: UInt64, count: Int, _ entries: Span<UInt8>) -> Int64 {
        marked(Checksum.xxh64(entries, seed: mixed(first, UInt64(bitPattern: Int64(count)))))
    }

    static func meta(
        epoch: UInt64, applied: UInt64, outboxEnd: UInt64, acceptsUnsummed: Bool,
        _ totals: Span<UInt8>
    ) -> Int64 {
        let place = mixed(mixed(epoch, applied), mixed(outboxEnd, acceptsUnsummed ? 1 : 0))
        return marked(Checksum.xxh64(totals, seed: place))
    }

    /// Odd factors of the golden ratio and of its kin: other places make other seeds.
    private static func mixed(_ one: UInt64, _ two: UInt64) -> UInt64 {
        let first = (one &+ 1) &* 0x9E37_79B9_7F4A_7C15
        return (first ^ (first >> 29) ^ two) &* 0xBF58_476D_1CE4_E5B9
    }

    private static func marked(_ sum: UInt64) -> Int64 {
        Int64(bitPattern: sum >> 2 | 1 << 62)
    }
}

/// What a partition's file says beside users and outbox.
struct PartitionMeta: Equatable {
    var epoch: UInt64 = 0
    var applied: UInt64 = 0
    var outboxEnd: UInt64 = 0
    var totals: [UInt8] = []
    /// Rows of the file may have no sum: a version before has begun it.
    var acceptsUnsummed = false

    /// No file gets so far, and what is added to it still fits.
    static let numberMax: UInt64 = 1 << 62

    var sum: Int64 {
        RowSum.meta(
            epoch: epoch, applied: applied, outboxEnd: outboxEnd,
            acceptsUnsummed: acceptsUnsummed, totals.span)
    }
}

/// The sum in a column against the one that belongs there.
struct SumCheck {
    let acceptsUnsummed: Bool

    /// Throws `corrupt` where they differ; `what` names the row.
    func require(
        _ row: Statement, column: Int32, _ sum: Int64, _ what: () -> String
    ) throws(StorageError) {
        guard holds(row, column: column, sum) else {
            throw .corrupt("\(what()) is not as it was written")
        }
    }

    func holds(_ row: Statement, column: Int32, _ sum: Int64) -> Bool {
        row.isNull(column) ? acceptsUnsummed : row.int64(column) == sum
    }
}
