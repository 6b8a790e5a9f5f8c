import Messages

/// What one fetch brought, while it is folded turn by turn.
struct Portion {
    private var blocks: [Block] = []
    private var at = 0
    private(set) var ends: [Position] = []
    private(set) var traces: [TraceMark] = []
    /// Blocks that wait here, by partition.
    private var waiting: [Int: Int] = [:]

    init() {}

    /// Blocks of the partitions in `first` come first: somebody waits for those.
    init(_ fetched: Fetched, first: Set<Int> = []) {
        blocks =
            first.isEmpty
            ? fetched.blocks
            : fetched.blocks.filter { first.contains(Int($0.partition)) }
                + fetched.blocks.filter { !first.contains(Int($0.partition)) }
        ends = fetched.ends
        traces = fetched.traces
        for block in blocks { waiting[Int(block.partition), default: 0] += 1 }
    }

    var isEmpty: Bool { at == blocks.count }

    /// Partitions that were asked for and of which nothing more waits here.
    func settled(of partitions: Set<Int>) -> Set<Int> {
        partitions.intersection(ends.map { Int($0.partition) }).filter { !isWaiting($0) }
    }

    /// Whether more waits here of a partition.
    func isWaiting(_ partition: Int) -> Bool { waiting[partition, default: 0] > 0 }

    /// The next block, which is then forgotten here.
    mutating func next() -> Block? {
        guard at < blocks.count else { return nil }
        defer { at += 1 }
        var block = Block()
        swap(&block, &blocks[at])
        waiting[Int(block.partition), default: 0] -= 1
        return block
    }

    /// Forgets what waits of partitions that are asked for anew.
    mutating func leaveOut(_ partitions: Set<Int>) {
        guard !partitions.isEmpty, !isEmpty else { return }
        blocks = blocks[at...].filter { !partitions.contains(Int($0.partition)) }
        at = 0
        ends.removeAll { partitions.contains(Int($0.partition)) }
        for partition in partitions { waiting[partition] = nil }
    }
}
