import Randomness
import SQLite
import Storage
import Testing

@Suite("A log that was damaged at rest says so and goes on around it")
struct DamagedLogTests {
    /// Commits so far apart that each is a group of its own.
    private func makeLog(_ folder: TemporaryFolder, groups: Int = 60) throws -> LogModel {
        let log = try SQLiteEventLog(folder: folder.path)
        var generator = AppendGenerator(seed: 5)
        var model = LogModel()
        for step in 0..<groups {
            let (blocks, _, _) = generator.next()
            let nowMs = Int64(step) * 20_000
            _ = try log.append(groups: blocks, batches: [], rejects: [], receivedMs: nowMs)
            _ = model.append(blocks, [], [], receivedMs: nowMs)
        }
        #expect(try log.damages().isEmpty)
        return model
    }

    private func change(_ folder: TemporaryFolder, _ sql: String) throws {
        let database = try Database(path: "\(folder.path)/events.sqlite")
        try database.execute(sql)
        #expect(database.changes == 1, "\(sql)")
    }

    @Test("one changed bit of any block is noticed by who reads it, and named by the walk")
    func blocks() throws {
        let folder = try TemporaryFolder()
        let model = try makeLog(folder)
        let database = try Database(path: "\(folder.path)/events.sqlite")
        let rows = try database.prepare(
            "SELECT id, partition, first_offset, records FROM blocks WHERE length(records) > 0")
        var blocks: [(id: Int64, partition: Int, first: UInt64, records: [UInt8])] = []
        while try rows.step() {
            blocks.append((rows.int64(0), rows.int(1), rows.bits(2), rows.bytes(3)))
        }
        var random = SplitMix64(seed: 77)
        let put = try database.prepare("UPDATE blocks SET records = ? WHERE id = ?")
        func write(_ records: [UInt8], _ id: Int64) throws {
            try put.bind(records, at: 1)
            try put.bind(id, at: 2)
            try put.run()
        }
        for block in blocks.shuffled(using: &random).prefix(40) {
            var records = block.records
            let bit = Int.random(in: 0..<records.count * 8, using: &random)
            records[bit / 8] ^= 1 << UInt8(bit % 8)
            try write(records, block.id)
            let log = try SQLiteEventLog(folder: folder.path, readOnly: true)
            let stored = try #require(
                model.blocks[block.partition].first { $0.firstOffset == block.first })
            #expect {
                _ = try log.read(partition: block.partition, from: block.first, maxBytes: 1)
            } throws: { error in
                guard
                    case .damaged(block.partition, block.first, stored.endOffset, _) =
                        error as? StorageError
                else { return false }
                return true
            }
            let found = try log.damages()
            #expect(found.map(\.partition) == [block.partition])
            #expect(found.map(\.offsets) == [block.first..<stored.endOffset])
            try check(log, model, except: block.partition, block.first)
            try write(block.records, block.id)
        }
    }

    /// Everything but what lies at the offset is still answered, behind it too.
    private func check(
        _ log: SQLiteEventLog, _ model: LogModel, except damaged: Int, _ first: UInt64
    ) throws {
        for partition in model.blocks.indices {
            for block in model.blocks[partition]
            where partition != damaged || block.firstOffset != first {
                let found = try log.read(
                    partition: partition, from: block.firstOffset, maxBytes: 1)
                #expect(found == [block])
            }
        }
    }

    @Test("a changed group stops nobody who wants nothing of it")
    func groups() throws {
        let folder = try TemporaryFolder()
        let model = try makeLog(folder)
        for group in [2, 17, 30, 31, 45] {
            let log = try SQLiteEventLog(folder: folder.path, readOnly: true)
            let kept = try #require(try log.group(Int64(group)))
            try change(
                folder,
                "UPDATE groups SET received_ms = received_ms + 1024 WHERE id = \(group)")
            let found = try log.damages()
            #expect(found.map(\.group) == [Int64(group)])
            for partition in model.blocks.indices {
                for block in model.blocks[partition] where block.receivedMs != kept.receivedMs {
                    let again = try SQLiteEventLog(folder: folder.path, readOnly: true)
                    let read = try again.read(
                        partition: partition, from: block.firstOffset, maxBytes: 1)
                    #expect(read == [block], "group \(group), partition \(partition)")
                }
            }
            try change(
                folder,
                "UPDATE groups SET received_ms = received_ms - 1024 WHERE id = \(group)")
        }
    }

    @Test("a seal that is taken away, a block that is gone, a group that is gone")
    func gone() throws {
        for (sql, group) in [
            ("UPDATE groups SET seal = NULL WHERE id = 20", Int64(20)),
            ("DELETE FROM groups WHERE id = 21", Int64(21)),
        ] {
            let folder = try TemporaryFolder()
            _ = try makeLog(folder)
            try change(folder, sql)
            let log = try SQLiteEventLog(folder: folder.path, readOnly: true)
            #expect(try log.damages().map(\.group) == [group])
        }
        let folder = try TemporaryFolder()
        _ = try makeLog(folder)
        try change(folder, "DELETE FROM blocks WHERE id = 40")
        let log = try SQLiteEventLog(folder: folder.path, readOnly: true)
        #expect(try log.damages().count == 1)
    }

    @Test("a log of the first format is read as it is, and becomes one of the present by writing")
    func migration() throws {
        let folder = try TemporaryFolder()
        var model = try makeLog(folder)
        let database = try Database(path: "\(folder.path)/events.sqlite")
        try database.execute(
            """
            ALTER TABLE groups DROP COLUMN seal; DROP TABLE identity; PRAGMA user_version = 1
            """)
        let reader = try SQLiteEventLog(folder: folder.path, readOnly: true)
        #expect(try model.difference(from: reader) == nil)
        #expect(try reader.identity() == nil)
        #expect(try reader.damages().isEmpty)
        let writer = try SQLiteEventLog(folder: folder.path)
        let identity = try #require(try writer.identity())
        #expect(identity.log.count == 16)
        #expect(identity.generation == 1)
        let block = PendingBlock(partition: 7, count: 2, records: [1, 2, 3, 4])
        _ = try writer.append(groups: [block], batches: [], rejects: [], receivedMs: 1_000)
        _ = model.append([block], [], [], receivedMs: 1_000)
        let later = try SQLiteEventLog(folder: folder.path, readOnly: true)
        #expect(try later.identity() == identity)
        #expect(try model.difference(from: later) == nil)
        #expect(try later.damages().isEmpty)
        try change(
            folder,
            """
            UPDATE blocks SET records = x'01020305' WHERE id = (SELECT max(id) FROM blocks)
            """)
        #expect(try later.damages().map(\.partition) == [7])
        // What was written before has no seal, and is read as ever.
        #expect(try later.read(partition: 7, from: 0, maxBytes: 1).count <= 1)
    }

    @Test("a cut raises the generation, and a mark tells another log from the one it was made of")
    func identity() throws {
        let folder = try TemporaryFolder()
        let log = try SQLiteEventLog(folder: folder.path)
        func append(_ byte: UInt8, _ timeMs: Int64) throws -> LogMark {
            let block = PendingBlock(partition: 3, count: 2, records: [1, byte, 1, byte])
            let first = try log.append(
                groups: [block], batches: [], rejects: [], receivedMs: timeMs)[0]
            return LogMark(partition: 3, firstOffset: first, count: 2, block.records.span)
        }
        let one = try append(1, 1)
        let two = try append(2, 2)
        #expect(try log.holds(one, of: 3))
        #expect(try log.holds(two, of: 3))
        #expect(try !log.holds(two, of: 4))
        try log.cut(after: 1)
        #expect(try log.identity()?.generation == 2)
        #expect(try log.holds(one, of: 3))
        #expect(try !log.holds(two, of: 3))
        let other = try append(9, 3)
        #expect(other.firstOffset == two.firstOffset)
        #expect(try !log.holds(two, of: 3))
        #expect(try log.holds(other, of: 3))
    }

    @Test("the end of a moment is found by halving, also where the clock was turned back")
    func moments() throws {
        let folder = try TemporaryFolder()
        let log = try SQLiteEventLog(folder: folder.path)
        var random = SplitMix64(seed: 3)
        var times: [Int64] = []
        for _ in 0..<300 {
            let time = Int64.random(in: 1...1_000, using: &random)
            let block = PendingBlock(partition: 0, count: 1, records: [1])
            _ = try log.append(groups: [block], batches: [], rejects: [], receivedMs: time)
            times.append(time)
        }
        for moment in stride(from: Int64(0), through: 1_001, by: 7) {
            let first = times.firstIndex { $0 > moment } ?? times.count
            #expect(try log.offsets(at: moment)?[0] == UInt64(first), "moment \(moment)")
        }
        let before = log.lookups
        _ = try log.offsets(at: 999)
        #expect(log.lookups - before < 20)
    }

    @Test("a log that is only being made is no damage, and a state is opened beside it")
    func beingMade() throws {
        let folder = try TemporaryFolder()
        try Database(path: "\(folder.path)/events.sqlite").execute("PRAGMA user_version")
        let error = #expect(throws: StorageError.self) {
            _ = try SQLiteEventLog(folder: folder.path, readOnly: true)
        }
        if case .busy = error {} else { Issue.record("\(String(describing: error))") }
        let stores = FolderStores(folder: folder.path, log: folder.path)
        #expect(try stores.open(partition: 1).epoch == 1)
    }
}
