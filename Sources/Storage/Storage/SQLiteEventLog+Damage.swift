import SQLite

/// Something of a log that is not as it was written.
package struct LogDamage: Sendable, Equatable {
    /// Nil where a whole group is meant.
    package var partition: Int?
    /// Records of that partition, as far as known.
    package var offsets: Range<UInt64>?
    package var group: Int64
    package var problem: String

    package var description: String {
        let place = partition.map { partition in
            let range = offsets.map { ", offsets \($0.lowerBound) to \($0.upperBound)" } ?? ""
            return "partition \(partition)\(range) (group \(group))"
        }
        return "\(place ?? "group \(group)"): \(problem)"
    }
}

/// Walking over all of a log to see whether it is whole.
extension SQLiteEventLog {
    /// How many damages are told; the walk ends behind them.
    package static let damagesMax = 1_000
    private static let groupsPerView: Int64 = 1_000

    /// Reads every group and every block: checked with their seals where they have them, and for
    /// being one after the other everywhere. Others may write meanwhile; whoever removes may not.
    package func damages(
        progress: (_ done: Int, _ all: Int) throws -> Void = { _, _ in }
    ) throws(StorageError) -> [LogDamage] {
        guard let range = try groups() else { return [] }
        var walk = LogWalk()
        var group = range.lowerBound
        while group <= range.upperBound, walk.damages.count < Self.damagesMax {
            let past = min(group + Self.groupsPerView, range.upperBound + 1)
            try storing {
                // A view that stays open would keep the write-ahead log from being emptied.
                try database.snapshot {
                    for id in group..<past { try look(at: id, &walk) }
                }
                try progress(
                    Int(past - range.lowerBound), Int(range.upperBound + 1 - range.lowerBound))
            }
            group = past
        }
        return walk.damages
    }

    private func look(at id: Int64, _ walk: inout LogWalk) throws {
        let group: StoredGroup
        do {
            guard let found = try statements.group(id) else {
                return walk.note(LogDamage(group: id, problem: "the group is missing"))
            }
            group = found
        } catch StorageError.corrupt(let text) {
            return walk.note(LogDamage(group: id, problem: text))
        }
        walk.follow(group)
        var firsts = group.directory.starts
        for (place, entry) in group.directory.entries.enumerated() {
            let first = firsts[entry.partition]
            firsts[entry.partition] = first + UInt64(entry.count)
            do {
                _ = try statements.records(group, place: place, first: first)
            } catch StorageError.damaged(let partition, let first, let past, let text) {
                walk.note(
                    LogDamage(
                        partition: partition, offsets: first..<past, group: id, problem: text))
            }
        }
    }
}

/// What a walk has seen.
private struct LogWalk {
    var damages: [LogDamage] = []
    /// Where the group before ended; nil at the start and behind a group that cannot be read.
    private var before: (ends: [UInt64], pastBlock: Int64)?

    mutating func note(_ damage: LogDamage) {
        damages.append(damage)
        if damage.partition == nil { before = nil }
    }

    /// Each group begins where the one before ends.
    mutating func follow(_ group: StoredGroup) {
        if let before, before.ends != group.directory.starts || before.pastBlock != group.firstBlock
        {
            note(LogDamage(group: group.id, problem: "does not go on where the one before ends"))
        }
        before = (group.directory.ends, group.pastBlock)
    }
}
