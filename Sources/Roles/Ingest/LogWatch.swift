import Runtime
import Storage

/// What ingest has found wrong with its log while it serves it. Each thing is said once and counted
/// as long as it lasts; nothing of it stops other partitions.
struct LogWatch {
    /// Records that cannot be read, by partition: whoever wants them waits there, since to pass
    /// over what was acknowledged would be to lose it.
    private(set) var damaged: [Int: Range<UInt64>] = [:]
    /// Partitions of which somebody has read more than the log holds.
    private(set) var aheadOf: Set<Int> = []

    /// Whether reading a partition stops at this offset.
    func stops(_ partition: Int, at offset: UInt64) -> Bool {
        damaged[partition]?.contains(offset) ?? false
    }

    /// Takes why a partition could not be read from an offset; true when that is news.
    mutating func note(_ error: StorageError, of partition: Int, at offset: UInt64) -> Bool {
        let range =
            if case .damaged(_, let first, let past, _) = error, first < past {
                min(first, offset)..<past
            } else {
                offset..<offset + 1
            }
        defer { damaged[partition] = range }
        return damaged[partition] != range
    }

    /// Takes where somebody reads on; true when that lies behind the end, for the first time.
    mutating func note(reader offset: UInt64, of partition: Int, end: UInt64) -> Bool {
        guard offset > end else {
            aheadOf.remove(partition)
            return false
        }
        return aheadOf.insert(partition).inserted
    }

    func put(into vitals: inout RoleVitals) {
        vitals.count("damaged_partitions", damaged.count)
        vitals.count("readers_ahead", aheadOf.count)
    }
}
