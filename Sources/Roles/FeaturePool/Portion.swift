import Messages

/// What one fetch brought, while it is folded turn by turn.
struct Portion {
    private var blocks: [Block] = []
    private var at = 0
    private(set) var ends: [Position] = []
    private(set) var traces: [TraceMark] = []

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
    }

    var isEmpty: Bool { at == blocks.count }

    /// Partitions that were asked for and of which nothing more waits here.
    func settled(of partitions: Set<Int>) -> Set<Int> {
        var settled = partitions.intersection(ends.map { Int($0.partition) })
        for block in blocks[at...] { settled.remove(Int(block.partition)) }
        return settled
    }

    /// The next block, which is then forgotten here.
    mutating func next() -> Block? {
        guard at < blocks.count else { return nil }
        defer { at += 1 }
        var block = Block()
        swap(&block, &blocks[at])
        return block
    }

    /// Forgets what waits of partitions that are asked for anew.
    mutating func leaveOut(_ partitions: Set<Int>) {
        guard !partitions.isEmpty, !isEmpty else { return }
        blocks = blocks[at...].filter { !partitions.contains(Int($0.partition)) }
        at = 0
        ends.removeAll { partitions.contains(Int($0.partition)) }
    }
}
