import Messages
import SQLite
import System
import Testing

@testable import Storage

@Suite("What a partition's file has is what was written, or an error")
struct RowSumTests {
    private static let users: [(key: UInt64, state: [UInt8])] = (0..<6).map {
        (UInt64($0) &* 0x9e37_79b9_7f4a_7c15, (0..<90).map { UInt8(truncatingIfNeeded: $0 &* 7) })
    }

    private func fill(_ folder: String) throws -> String {
        let path = SQLitePartitionStore.path(folder: folder, partition: 3)
        let store = try SQLitePartitionStore.scratch(path: path, partition: 3)
        try store.claim(epoch: 1)
        for round in 0..<2 {
            _ = try store.commit(
                PartitionCommit(
                    epoch: 1, appliedOffset: UInt64(round + 1) * 10, users: StateRows(Self.users),
                    outbox: [
                        PendingBlock(
                            partition: 3, count: 2, records: .init(repeating: 5, count: 70))
                    ], totals: [1, 2, 3]))
        }
        try store.settle()
        return path
    }

    /// What is read, all of it; nil with an error.
    private func read(_ folder: String) throws(StorageError) -> [[UInt8]] {
        let store = try SQLitePartitionStore(folder: folder, partition: 3, readOnly: true)
        var all: [[UInt8]] = [
            [UInt8(try store.appliedOffset()), UInt8(try store.outboxEnd())], try store.totals(),
            [UInt8(try store.epoch())],
        ]
        for user in Self.users { all.append(try store.loadUser(user.key) ?? []) }
        try store.forEachUser { _, state in all.append(state.array(0..<state.count)) }
        _ = try store.readUsers(after: nil, limit: 99) { _, state in
            all.append(state.array(0..<state.count))
        }
        for block in try store.readOutbox(from: 0, maxBytes: .max) { all.append(block.records) }
        return all
    }

    @Test("each bit of the file: found, or without any effect")
    func everyBit() throws {
        let folder = try TemporaryFolder()
        let path = try fill(folder.path)
        let good = try Files.read(path)
        let wanted = try read(folder.path)
        var (found, unfindable) = (0, 0)
        for at in good.indices where at % 3 == 0 || good[at] != 0 {
            var bytes = good
            bytes[at] ^= 1 << UInt8(at % 8)
            try Files.writeAtomically(path, bytes)
            for suffix in ["-wal", "-shm"] { try Files.remove(path + suffix) }
            do throws(StorageError) {
                let all = try read(folder.path)
                guard all != wanted else { continue }
                let other = all.indices.filter { $0 >= wanted.count || all[$0] != wanted[$0] }
                // Rows may have become unfindable, which no sum of a row can tell.
                let store = try SQLitePartitionStore(
                    folder: folder.path, partition: 3, readOnly: true)
                #expect(try store.structuralDamage() != nil, "byte \(at): \(other) of \(all.count)")
                unfindable += 1
            } catch {
                found += 1
            }
        }
        #expect(found > 500 && unfindable < 50, "\(found) found, \(unfindable) unfindable")
    }

    @Test(
        "a changed row is named, whichever it is",
        arguments: [
            ("UPDATE users SET state = zeroblob(90) WHERE key = 0", "under key 0"),
            ("UPDATE users SET sum = sum + 1 WHERE key = 0", "under key 0"),
            ("UPDATE users SET sum = NULL WHERE key = 0", "under key 0"),
            ("UPDATE users SET key = 1 WHERE key = 0", "under key 1"),
            ("UPDATE outbox SET entries = zeroblob(70) WHERE first_offset = 2", "block at 2"),
            ("UPDATE outbox SET count = -1 WHERE first_offset = 2", "-1 entries"),
            ("UPDATE meta SET applied = 11", "says of itself"),
            ("UPDATE meta SET applied = -1, sum = NULL", "says of itself"),
            ("UPDATE meta SET totals = x'0000'", "says of itself"),
        ])
    func named(_ sql: String, _ words: String) throws {
        let folder = try TemporaryFolder()
        let path = try fill(folder.path)
        try Database(path: path).execute(sql)
        let error = #expect(throws: StorageError.self) { try read(folder.path) }
        #expect("\(String(describing: error))".contains(words))
        guard case .corrupt = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("a file of format 1 is read as it is, and has sums once it is written")
    func formatOne() throws {
        let folder = try TemporaryFolder()
        let path = SQLitePartitionStore.path(folder: folder.path, partition: 3)
        do {
            let old = try Database(path: path)
            try old.execute(
                """
                CREATE TABLE users (key INTEGER PRIMARY KEY, state BLOB);
                CREATE TABLE outbox (first_offset INTEGER PRIMARY KEY, count INTEGER, entries BLOB);
                CREATE TABLE meta (
                    id INTEGER PRIMARY KEY, epoch INTEGER, applied INTEGER, outbox_end INTEGER,
                    totals BLOB);
                INSERT INTO meta VALUES (1, 4, 20, 2, x'07');
                INSERT INTO users VALUES (1, x'0301'), (2, x'0302');
                INSERT INTO outbox VALUES (0, 2, x'0505');
                PRAGMA application_id = 1281977710;
                PRAGMA user_version = 1;
                """)
        }
        func check(readOnly: Bool) throws {
            let store = try SQLitePartitionStore(
                folder: folder.path, partition: 3, readOnly: readOnly)
            #expect(try store.loadUser(1) == [3, 1])
            #expect(try store.appliedOffset() == 20)
            #expect(try store.totals() == [7])
            #expect(try store.readOutbox(from: 0, maxBytes: 99).map(\.records) == [[5, 5]])
        }
        try check(readOnly: true)
        #expect(try Database(path: path).integer("PRAGMA user_version") == 1)
        try check(readOnly: false)
        #expect(try Database(path: path).integer("PRAGMA user_version") == 2)
        try check(readOnly: true)
        let store = try SQLitePartitionStore(folder: folder.path, partition: 3)
        try store.claim(epoch: 5)
        _ = try store.commit(
            PartitionCommit(
                epoch: 5, appliedOffset: 21, users: StateRows([(key: 2, state: [3, 9])])))
        let unsummed = "SELECT count(*) FROM users WHERE sum IS NULL"
        #expect(try Database(path: path).integer(unsummed) == 1)
        try Database(path: path).execute("UPDATE users SET state = x'0308' WHERE key = 2")
        #expect(throws: StorageError.self) { try store.loadUser(2) }
        #expect(try store.loadUser(1) == [3, 1])
    }
}
