import Messages
import Testing

@testable import Storage

@Suite("A state file says by which secret it is ordered, and is put in order in one transaction")
struct KeyingTests {
    /// Places a state of one byte under a number that the secret makes of it.
    private func keying(_ secret: UInt64) -> RowKeying {
        RowKeying(check: secret) { state, isTaken in
            var key = UInt64(state[0]) &* secret
            while isTaken(key) { key &+= 1 }
            return key
        }
    }

    private func states(_ store: SQLitePartitionStore) throws -> [UInt64: [UInt8]] {
        var found: [UInt64: [UInt8]] = [:]
        try store.forEachUser { key, state in found[key] = state.array(0..<state.count) }
        return found
    }

    @Test("unkeyed, then by one secret, then by another; other things stay")
    func order() throws {
        let folder = try TemporaryFolder()
        var store = try SQLitePartitionStore(folder: folder.path, partition: 5)
        try store.claim(epoch: 2)
        let rows = StateRows((0..<200).map { (UInt64($0), [UInt8($0), 9]) })
        let block = PendingBlock(partition: 5, count: 3, records: [1, 2, 3])
        _ = try store.commit(
            PartitionCommit(epoch: 2, appliedOffset: 77, users: rows, outbox: [block]))
        #expect(try store.keyCheck() == nil)
        let reader = try SQLitePartitionStore(folder: folder.path, partition: 5, readOnly: true)
        #expect(try reader.keyCheck() == nil)
        for secret in [0x1234_5677, 0xFFFF_FFFF_FFFF_FF01] as [UInt64] {
            #expect(try store.rekey(by: keying(secret)) == 200)
            #expect(try store.rekey(by: keying(secret)) == nil)
            store = try SQLitePartitionStore(folder: folder.path, partition: 5)
            #expect(try store.keyCheck() == secret)
            let found = try states(store)
            #expect(found.count == 200)
            for number in 0..<200 {
                #expect(found[UInt64(number) &* secret] == [UInt8(number), 9])
            }
            #expect(try store.appliedOffset() == 77 && store.outboxEnd() == 3)
            #expect(try store.epoch() == 2)
        }
        // One that is open for reading notices.
        #expect(try reader.keyCheck() == 0xFFFF_FFFF_FFFF_FF01)
    }

    @Test("a user that cannot be placed leaves the file as it was")
    func failing() throws {
        let folder = try TemporaryFolder()
        let store = try SQLitePartitionStore(folder: folder.path, partition: 5)
        try store.claim(epoch: 2)
        let rows = StateRows((0..<20).map { (UInt64($0), [UInt8($0)]) })
        _ = try store.commit(PartitionCommit(epoch: 2, appliedOffset: 1, users: rows))
        struct Unreadable: Error {}
        let broken = RowKeying(check: 4) { state, _ in
            if state[0] == 15 { throw Unreadable() }
            return UInt64(state[0]) + 1000
        }
        #expect(throws: StorageError.self) { try store.rekey(by: broken) }
        #expect(try store.keyCheck() == nil)
        #expect(try states(store).count == 20 && store.loadUser(15) == [15])
    }

    @Test("an empty file is in order from its first opening by a worker")
    func empty() throws {
        let folder = try TemporaryFolder()
        let stores = FolderStores(folder: folder.path, keying: keying(3))
        _ = try stores.open(partition: 1, epoch: 1)
        let store = try SQLitePartitionStore(folder: folder.path, partition: 1, readOnly: true)
        #expect(try store.keyCheck() == 3)
    }

    @Test("the log keeps the secret of its event ids")
    func eventIDKey() throws {
        let folder = try TemporaryFolder()
        var log = try SQLiteEventLog(folder: folder.path)
        #expect(try log.eventIDKey([1, 2]) == [1, 2])
        #expect(try log.eventIDKey([3]) == [1, 2])
        log = try SQLiteEventLog(folder: folder.path)
        #expect(try log.eventIDKey([4]) == [1, 2])
    }
}
