import Foundation
import Messages
import Randomness
import SQLite
import Storage
import Testing

@Suite("A partition's state, offset and outbox change together and under one owner")
struct PartitionStoreTests {
    @Test(
        "random commits, failed commits and reopenings agree with a model",
        arguments: [
            1, 2, 3, 4,
        ] as [UInt64])
    func model(seed: UInt64) throws {
        let folder = try TemporaryFolder()
        var random = SplitMix64(seed: seed)
        var store = try SQLitePartitionStore(folder: folder.path, partition: 7)
        try store.claim(epoch: 3)
        var users: [UInt64: [UInt8]] = [:]
        var outbox: [StoredBlock] = []
        var applied: UInt64 = 0
        for step in 0..<200 {
            if step % 23 == 22 {
                store = try SQLitePartitionStore(folder: folder.path, partition: 7)
            }
            let full = step % 17 == 16
            // Keys over the whole range of 64 bits, drawn from few so that rows are replaced.
            let rows = (0..<Int.random(in: 0...20, using: &random)).map { _ in
                (
                    key: UInt64.random(in: 0..<50, using: &random) &* 0x9e37_79b9_7f4a_7c15,
                    state: random.bytes(Int.random(in: 0...600, using: &random))
                )
            }
            let blocks = (0..<(full ? 1 : Int.random(in: 0...2, using: &random))).map { _ in
                PendingBlock(
                    partition: 7, count: Int.random(in: 1...9, using: &random),
                    records: full ? .init(repeating: 1, count: 1 << 20) : random.bytes(50))
            }
            let commit = PartitionCommit(
                epoch: 3, appliedOffset: applied + 10, users: StateRows(rows), outbox: blocks,
                totals: [UInt8(truncatingIfNeeded: step)])
            if full {
                try store.limitGrowth(pages: 2)
                let error = #expect(throws: StorageError.self) { _ = try store.commit(commit) }
                if case .diskFull = error {} else { Issue.record("\(String(describing: error))") }
                try store.limitGrowth(pages: 1 << 20)
            } else {
                let end = try store.commit(commit)
                applied += 10
                for row in rows { users[row.key] = row.state }
                for block in blocks {
                    outbox.append(
                        StoredBlock(
                            partition: 7, firstOffset: outbox.last?.endOffset ?? 0,
                            count: block.count, records: block.records, receivedMs: 0))
                }
                #expect(end == outbox.last?.endOffset ?? 0)
            }
            let offset = UInt64.random(in: 0...(outbox.last?.endOffset ?? 0) + 1, using: &random)
            let expected = outbox.filter { $0.endOffset > offset }
            #expect(
                try store.readOutbox(from: offset, maxBytes: .max) == expected,
                "seed \(seed) step \(step)")
            #expect(
                try store.readOutbox(from: offset, maxBytes: 120) == Array(expected.prefix(2)))
            #expect(try store.appliedOffset() == applied, "seed \(seed) step \(step)")
        }
        var found: [UInt64: [UInt8]] = [:]
        try store.forEachUser { key, state in
            found[key] = state.indices.map { state[$0] }
        }
        #expect(found == users, "seed \(seed)")
        var inSteps: [UInt64: [UInt8]] = [:]
        var after: UInt64?
        var steps = 0
        repeat {
            after = try store.readUsers(after: after, limit: 3) { key, state in
                #expect(inSteps[key] == nil)
                inSteps[key] = state.indices.map { state[$0] }
            }
            steps += 1
        } while after != nil
        #expect(inSteps == users && steps == users.count / 3 + 1, "seed \(seed)")
        #expect(try store.userCount() == users.count)
        for (key, state) in users { #expect(try store.loadUser(key) == state) }
        #expect(try store.loadUser(1) == nil)
        #expect(try store.outboxEnd() == outbox.last?.endOffset ?? 0)
    }

    @Test("the old owner is fenced off as soon as a newer epoch has claimed")
    func fenced() throws {
        let folder = try TemporaryFolder()
        let stores = FolderStores(folder: folder.path)
        let old = try stores.open(partition: 1, epoch: 5)
        let row = StateRows([(1, [1])])
        _ = try old.commit(PartitionCommit(epoch: 5, appliedOffset: 1, users: row))
        let new = try stores.open(partition: 1, epoch: 6)
        let late = PartitionCommit(
            epoch: 5, appliedOffset: 2, users: StateRows([(1, [2])]))
        #expect(throws: StorageError.fenced(stored: 6)) { _ = try old.commit(late) }
        #expect(throws: StorageError.fenced(stored: 6)) { try old.claim(epoch: 5) }
        #expect(throws: StorageError.fenced(stored: 6)) {
            _ = try new.commit(PartitionCommit(epoch: 7, appliedOffset: 2))
        }
        #expect(try new.loadUser(1) == [1])
        #expect(try new.appliedOffset() == 1)
        _ = try new.commit(
            PartitionCommit(epoch: 6, appliedOffset: 2, users: StateRows([(1, [3])])))
        #expect(try new.loadUser(1) == [3])
        #expect(try new.epoch() == 6)
    }

    @Test("the applied offset never goes back, and totals stay unless given")
    func offsets() throws {
        let folder = try TemporaryFolder()
        let store = try SQLitePartitionStore(folder: folder.path, partition: 0)
        try store.claim(epoch: 1)
        let bytesOfNobody = PendingBlock(partition: store.partition, count: 0, records: [1])
        #expect(throws: StorageError.invalid("outbox block of 0 entries")) {
            _ = try store.commit(
                PartitionCommit(epoch: 1, appliedOffset: 8, outbox: [bytesOfNobody]))
        }
        _ = try store.commit(PartitionCommit(epoch: 1, appliedOffset: 9, totals: [4]))
        #expect(throws: StorageError.self) {
            _ = try store.commit(PartitionCommit(epoch: 1, appliedOffset: 8))
        }
        _ = try store.commit(PartitionCommit(epoch: 1, appliedOffset: 9))
        #expect(try store.totals() == [4])
    }

    @Test("64 partitions are open at once, each in its own file")
    func manyPartitions() throws {
        let folder = try TemporaryFolder()
        let opener = FolderStores(folder: folder.path)
        let stores = try (0..<64).map { try opener.open(partition: $0, epoch: 1) }
        for round in 1...3 as ClosedRange<UInt64> {
            for store in stores {
                let row = StateRows([(round, [UInt8(store.partition)])])
                _ = try store.commit(
                    PartitionCommit(epoch: 1, appliedOffset: round, users: row))
            }
        }
        for store in stores {
            #expect(try store.userCount() == 3)
            #expect(try store.loadUser(2) == [UInt8(store.partition)])
        }
    }
}

@Suite("Files that cannot be used are refused with the reason")
struct UnusableFileTests {
    @Test("a folder that is missing or a file cannot be written")
    func notWritable() throws {
        let folder = try TemporaryFolder()
        let file = "\(folder.path)/file"
        try Data([1]).write(to: URL(fileURLWithPath: file))
        for path in ["\(folder.path)/missing", file] {
            for open in [
                { _ = try SQLiteEventLog(folder: path) },
                { _ = try SQLitePartitionStore(folder: path, partition: 0) },
            ] {
                let error = #expect(throws: StorageError.self) { try open() }
                guard case .notWritable(let text) = error else {
                    Issue.record("\(String(describing: error))")
                    continue
                }
                #expect(text.contains(path))
            }
        }
    }

    @Test("garbage, another program's database and another format are told apart")
    func foreign() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/events.sqlite"
        try Data(repeating: 1, count: 5_000).write(to: URL(fileURLWithPath: path))
        let garbage = #expect(throws: StorageError.self) {
            _ = try SQLiteEventLog(folder: folder.path)
        }
        if case .corrupt = garbage {} else { Issue.record("\(String(describing: garbage))") }
        try FileManager.default.removeItem(atPath: path)

        try Database(path: path).execute("CREATE TABLE theirs (a)")
        let theirs = #expect(throws: StorageError.self) {
            _ = try SQLiteEventLog(folder: folder.path)
        }
        if case .corrupt = theirs {} else { Issue.record("\(String(describing: theirs))") }
        try FileManager.default.removeItem(atPath: path)

        _ = try SQLiteEventLog(folder: folder.path)
        try Database(path: path).execute("PRAGMA user_version = 99")
        #expect(throws: StorageError.wrongFormat(found: 99, expected: 2)) {
            _ = try SQLiteEventLog(folder: folder.path)
        }
    }
}
