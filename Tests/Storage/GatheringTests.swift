import Randomness
import Storage
import Testing

@Suite("Small commits are gathered into few groups")
struct GatheringTests {
    /// One commit, as it was appended.
    private struct Commit {
        var blocks: [PendingBlock]
        var receivedMs: Int64
    }

    private func block(_ random: inout SplitMix64) -> PendingBlock {
        PendingBlock(
            partition: Int.random(in: 0..<StorageLimits.logPartitions, using: &random),
            count: Int.random(in: 1...3, using: &random),
            records: random.bytes(Int.random(in: 1...40, using: &random)))
    }

    /// Mostly tiny commits, now and then a large one, a pause, or a clock that was turned back.
    private func commits(_ count: Int, _ random: inout SplitMix64) -> [Commit] {
        var nowMs: Int64 = 1_700_000_000_000
        return (0..<count).map { _ in
            switch Int.random(in: 0..<20, using: &random) {
            case 0: nowMs += 20_000
            case 1: nowMs -= Int64.random(in: 1...5_000, using: &random)
            default: nowMs += Int64.random(in: 0...300, using: &random)
            }
            let isLarge = Int.random(in: 0..<25, using: &random) == 0
            let blocks = isLarge ? 40 : Int.random(in: 1...3, using: &random)
            return Commit(blocks: (0..<blocks).map { _ in block(&random) }, receivedMs: nowMs)
        }
    }

    private func fill(_ log: SQLiteEventLog, _ model: inout LogModel, _ commits: [Commit]) throws {
        for commit in commits {
            let firsts = try log.append(
                groups: commit.blocks, batches: [], rejects: [], receivedMs: commit.receivedMs)
            #expect(
                firsts == model.append(commit.blocks, [], [], receivedMs: commit.receivedMs))
        }
    }

    private func expect(_ log: SQLiteEventLog, holds model: LogModel) throws {
        #expect(try log.ends() == model.ends)
        for (partition, blocks) in model.blocks.enumerated() {
            #expect(try log.read(partition: partition, from: 0, maxBytes: 1 << 20) == blocks)
            for block in blocks {
                for offset in [block.firstOffset, block.endOffset - 1] {
                    #expect(
                        try log.read(partition: partition, from: offset, maxBytes: 1) == [block])
                }
            }
        }
        #expect(try log.damages() == [])
    }

    @Test(
        "every block is read as it came in, by the writer and by others, also after a new start",
        arguments: [1, 2, 3] as [UInt64])
    func reading(seed: UInt64) throws {
        let folder = try TemporaryFolder()
        var random = SplitMix64(seed: seed)
        var model = LogModel()
        let all = commits(300, &random)
        for part in [all[..<120], all[120..<121], all[121...]] {
            let log = try SQLiteEventLog(folder: folder.path)
            try fill(log, &model, Array(part))
            try expect(log, holds: model)
            let reader = try SQLiteEventLog(folder: folder.path, readOnly: true)
            try expect(reader, holds: model)
        }
        let log = try SQLiteEventLog(folder: folder.path)
        let groups = try #require(try log.groups())
        #expect(groups.count < 100, "\(groups.count) groups of 300 commits")
    }

    @Test("a reader that follows sees each block once while its group grows")
    func following() throws {
        let folder = try TemporaryFolder()
        var random = SplitMix64(seed: 4)
        var model = LogModel()
        let log = try SQLiteEventLog(folder: folder.path)
        let reader = try SQLiteEventLog(folder: folder.path, readOnly: true)
        var seen = LogModel()
        for commit in commits(400, &random) {
            try fill(log, &model, [commit])
            for partition in Set(commit.blocks.map(\.partition)) {
                seen.blocks[partition] += try reader.read(
                    partition: partition, from: seen.end(partition), maxBytes: 1 << 20)
            }
        }
        #expect(seen.blocks == model.blocks)
    }

    @Test("a moment within a group divides it", arguments: [5, 6] as [UInt64])
    func moments(seed: UInt64) throws {
        let folder = try TemporaryFolder()
        var random = SplitMix64(seed: seed)
        let all = commits(200, &random)
        var model = LogModel()
        let log = try SQLiteEventLog(folder: folder.path)
        try fill(log, &model, all)
        for place in stride(from: 0, to: all.count, by: 11) {
            let timeMs = all[place].receivedMs + Int64.random(in: -1...1, using: &random)
            let kept = all.prefix { $0.receivedMs <= timeMs }
            var wanted = LogModel()
            for commit in kept {
                _ = wanted.append(commit.blocks, [], [], receivedMs: commit.receivedMs)
            }
            #expect(try log.offsets(at: timeMs) == wanted.ends)

            let other = try TemporaryFolder()
            try log.copy(to: "\(other.path)/events.sqlite")
            let cut = try SQLiteEventLog(folder: other.path)
            try cut.cut(after: timeMs)
            #expect(try cut.totals().events == wanted.ends.reduce(0, +))
            #expect(try cut.totals().bytes == wanted.bytes)
            try fill(cut, &wanted, Array(all.prefix(3)))
            try expect(cut, holds: wanted)
        }
    }

    @Test("a commit that the disk refused leaves the group as it was")
    func refused() throws {
        let folder = try TemporaryFolder()
        var random = SplitMix64(seed: 7)
        var model = LogModel()
        let log = try SQLiteEventLog(folder: folder.path)
        try fill(log, &model, commits(30, &random))
        let small = PendingBlock(partition: 3, count: 1, records: [1])
        let large = PendingBlock(partition: 3, count: 1, records: random.bytes(1 << 20))
        try log.limitGrowth(pages: 2)
        #expect(throws: StorageError.self) {
            _ = try log.append(
                groups: [small, large], batches: [], rejects: [],
                receivedMs: 1_700_000_000_000)
        }
        try log.limitGrowth(pages: 1 << 20)
        try fill(log, &model, commits(30, &random))
        try expect(log, holds: model)
    }

    @Test("one producer who sends event by event leaves a group for 256 of them")
    func eventByEvent() throws {
        let folder = try TemporaryFolder()
        let log = try SQLiteEventLog(folder: folder.path)
        for event in 0..<2_000 {
            _ = try log.append(
                groups: [.init(partition: event % 64, count: 1, records: [UInt8(event % 251)])],
                batches: [], rejects: [], receivedMs: 1_700_000_000_000 + Int64(event))
        }
        #expect(try log.groups() == 1...8)
    }
}
