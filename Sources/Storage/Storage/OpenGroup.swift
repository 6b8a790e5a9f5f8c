import System

/// The newest group as long as small commits are added to it, so that a producer who sends event by
/// event does not leave a group behind for each of them. The row of a group is written anew with
/// every commit that it takes, and is bounded for that reason; its blocks stay where they are.
struct OpenGroup {
    private(set) var group: StoredGroup
    private var bytes = 0

    /// A commit of more blocks is a group of its own.
    static let commitBlocksMax = 16
    static let blocksMax = 256
    static let bytesMax = 256 << 10
    /// Removing by age is as exact as this.
    static let spanMs: Int64 = 10_000

    private static let spoils = DebugFault.isOn("spoilGathered")

    /// A new group. `latestMs`: the latest time in the log before it.
    init(id: Int64, starts: [UInt64], firstBlock: Int64, receivedMs: Int64, latestMs: Int64) {
        group = StoredGroup(
            id: id, directory: GroupDirectory(starts: starts), firstBlock: firstBlock,
            receivedMs: receivedMs,
            seal: GroupSeal(latestMs: max(latestMs, receivedMs), blocks: []))
    }

    /// Whether another commit may be added. Never where the clock was turned back.
    func takes(blocks: Int, receivedMs: Int64) -> Bool {
        blocks <= Self.commitBlocksMax && group.directory.entries.count + blocks <= Self.blocksMax
            && bytes < Self.bytesMax && receivedMs >= group.newestMs
            && receivedMs - group.receivedMs < Self.spanMs
    }

    /// Begins the next commit.
    mutating func begin(receivedMs: Int64) {
        if Self.spoils, let last = group.seal?.blocks.indices.last { group.seal?.blocks[last] ^= 1 }
        group.directory.parts.append(
            .init(
                entry: group.directory.entries.count, afterMs: receivedMs - group.receivedMs))
        let latestMs = group.seal?.latestMs ?? receivedMs
        group.seal?.latestMs = max(latestMs, receivedMs)
    }

    mutating func add(_ block: PendingBlock, first: UInt64) {
        group.directory.entries.append(.init(partition: block.partition, count: block.count))
        group.seal?.blocks.append(
            GroupSeal.sum(
                partition: block.partition, first: first, count: block.count, block.records.span))
        bytes += block.records.count
    }
}
