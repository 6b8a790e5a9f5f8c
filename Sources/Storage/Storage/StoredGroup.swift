/// A row of the table of groups: what came in with one commit, or with several small ones.
struct StoredGroup {
    var id: Int64
    var directory: GroupDirectory
    var firstBlock: Int64
    /// When its first commit came in.
    var receivedMs: Int64
    /// Nil in what was written before there were seals.
    var seal: GroupSeal?

    /// The block after its last.
    var pastBlock: Int64 { firstBlock + Int64(directory.entries.count) }

    /// When its last commit came in.
    var newestMs: Int64 { receivedMs &+ (directory.parts.last?.afterMs ?? 0) }

    /// When the block at a place of the directory came in.
    func receivedMs(at place: Int) -> Int64 {
        let part = directory.parts.last { $0.entry <= place }
        return receivedMs &+ (part?.afterMs ?? 0)
    }

    /// How many of its blocks had come in at a moment.
    func blocks(at timeMs: Int64) -> Int {
        guard receivedMs <= timeMs else { return 0 }
        let later = directory.parts.first { receivedMs &+ $0.afterMs > timeMs }
        return later?.entry ?? directory.entries.count
    }

    /// The same group with its first blocks only. `latestBeforeMs`: the latest time in the log
    /// before it.
    func keeping(blocks count: Int, latestBeforeMs: Int64) -> StoredGroup {
        var kept = self
        kept.directory = directory.keeping(blocks: count)
        if let seal {
            kept.seal = GroupSeal(
                latestMs: max(latestBeforeMs, kept.newestMs),
                blocks: Array(seal.blocks.prefix(count)))
        }
        return kept
    }
}
