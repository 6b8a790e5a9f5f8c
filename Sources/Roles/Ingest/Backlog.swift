import Events

/// What is acknowledged but not yet applied by the feature workers, in bytes. Pure.
///
/// The workers say with their fetches how far each partition is committed. Blocks are remembered
/// in portions of some size, not one by one, so that the memory is bounded by the spool's limit and
/// not by how small the blocks are; a portion is released when all of it is committed.
struct Backlog: Sendable {
    private struct Portion {
        var end: UInt64
        var bytes: Int
    }

    /// The newest committed offset of each partition; nothing before it is needed for a state.
    private(set) var committed: [UInt64]
    /// Whether a worker said so in this life of the process; before, it is what the log remembers.
    private(set) var isConfirmed: [Bool]
    /// Bytes not yet applied.
    private(set) var bytes = 0
    private var portions: [[Portion]]
    /// The first portion of each partition that is not released.
    private var heads: [Int]

    private var waived: Set<Int> = []

    /// Smaller blocks join the portion before them.
    static let portionBytes = 64 << 10

    /// - Parameters:
    ///   - committed: what was last known, at most the truth.
    ///   - ends: of the log, per partition.
    ///   - bytesPerRecord: the log's mean, to estimate what waits there.
    init(committed: [UInt64], ends: [UInt64], bytesPerRecord: Double) {
        self.committed = committed
        isConfirmed = Array(repeating: false, count: ends.count)
        portions = Array(repeating: [], count: ends.count)
        heads = Array(repeating: 0, count: ends.count)
        for partition in ends.indices where ends[partition] > committed[partition] {
            let waiting = ends[partition] - committed[partition]
            append(partition, end: ends[partition], bytes: Int(Double(waiting) * bytesPerRecord))
        }
    }

    /// Notes a block that is on disk. The catalogue has no worker that applies it.
    mutating func append(_ partition: Int, end: UInt64, bytes added: Int) {
        guard partition != Partitions.catalogue, !waived.contains(partition) else { return }
        bytes += added
        let last = portions[partition].count - 1
        if last >= heads[partition], portions[partition][last].bytes < Self.portionBytes {
            portions[partition][last].end = end
            portions[partition][last].bytes += added
        } else {
            portions[partition].append(Portion(end: end, bytes: added))
        }
    }

    /// Nobody can apply what waits in a damaged partition: it is no reason to refuse others.
    mutating func waive(_ partition: Int) {
        waived.insert(partition)
        bytes -= portions[partition][heads[partition]...].reduce(0) { $0 + $1.bytes }
        portions[partition] = []
        heads[partition] = 0
    }

    /// Takes a worker's word. An owner that lost its partition may still speak, so offsets only
    /// rise; but the first word of this life counts more than what the log remembers, since the
    /// states may have been taken away to be folded again.
    mutating func commit(_ partition: Int, _ offset: UInt64) {
        guard committed.indices.contains(partition) else { return }
        guard offset > committed[partition] || !isConfirmed[partition] else { return }
        isConfirmed[partition] = true
        committed[partition] = offset
        var head = heads[partition]
        while head < portions[partition].count, portions[partition][head].end <= offset {
            bytes -= portions[partition][head].bytes
            head += 1
        }
        if head == portions[partition].count {
            portions[partition].removeAll(keepingCapacity: true)
            head = 0
        } else if head > 64 && head * 2 > portions[partition].count {
            portions[partition].removeFirst(head)
            head = 0
        }
        heads[partition] = head
    }
}
