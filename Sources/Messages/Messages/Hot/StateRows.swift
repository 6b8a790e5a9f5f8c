/// Encoded states of users under their keys, one after another in one buffer: a checkpoint of
/// thousands makes no array for each.
package struct StateRows: Sendable, Equatable {
    package struct Row: Sendable, Equatable {
        /// Unique within the partition; `UserKeys` in the domain says how it is made.
        package var key: UInt64
        /// Where the state lies in ``bytes``.
        package var range: Range<Int>
    }

    package private(set) var rows: [Row] = []
    package private(set) var bytes: [UInt8] = []

    package init() {}

    package init(_ states: [(key: UInt64, state: [UInt8])]) {
        for (key, state) in states { append(key) { $0 += state } }
    }

    package var count: Int { rows.count }

    /// Adds the state that `write` appends.
    @inline(__always)
    package mutating func append(_ key: UInt64, _ write: (inout [UInt8]) -> Void) {
        let start = bytes.count
        write(&bytes)
        rows.append(Row(key: key, range: start..<bytes.count))
    }

    package mutating func append(_ others: StateRows) {
        let start = bytes.count
        bytes += others.bytes
        for row in others.rows {
            let range = start + row.range.lowerBound..<start + row.range.upperBound
            rows.append(Row(key: row.key, range: range))
        }
    }

    /// Empty again, with the room it had.
    package mutating func removeAll() {
        rows.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
    }

    /// A copy of each.
    package var states: [(key: UInt64, state: [UInt8])] {
        rows.map { ($0.key, Array(bytes[$0.range])) }
    }
}
