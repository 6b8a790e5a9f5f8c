import Features
import Messages
import SQLite
import System

@testable import Storage

/// A whole file with a few damaged bytes, opened and read as its owner would.
private struct DamagedFile {
    let path: String
    let good: [UInt8]

    init(_ path: String) throws {
        self.path = path
        good = try Files.read(path)
        for suffix in ["-wal", "-shm"] { try Files.remove(path + suffix) }
    }

    /// Puts the damaged bytes there; the length stays, or the end is gone.
    func damage(_ random: inout FuzzRandom) throws {
        var bytes = good
        for _ in 0...random.below(4) {
            bytes[random.below(bytes.count)] = UInt8(truncatingIfNeeded: random.next())
        }
        if random.below(10) == 0 { bytes.removeLast(random.below(bytes.count)) }
        for suffix in ["-wal", "-shm"] { try Files.remove(path + suffix) }
        try Files.scribble(path, bytes)
    }
}

/// A partition's file: what is read is what was written, or an error.
struct StoreFileTarget: FuzzTarget {
    private let folder: String
    private let file: DamagedFile
    private let rows: [UInt64: [UInt8]]

    init(folder: String, world: FuzzWorld) throws {
        self.folder = folder
        let path = SQLitePartitionStore.path(folder: folder, partition: 7)
        let store = try SQLitePartitionStore.scratch(path: path, partition: 7)
        try store.claim(epoch: 1)
        _ = try store.commit(
            PartitionCommit(
                epoch: 1, appliedOffset: UInt64(world.records), users: StateRows(world.rows),
                outbox: [
                    PendingBlock(
                        partition: 7, count: world.outbox.count, records: world.outbox.bytes)
                ]))
        try store.settle()
        file = try DamagedFile(path)
        rows = Dictionary(world.rows.map { ($0.key, $0.state) }, uniquingKeysWith: { $1 })
    }

    func run(_ random: inout FuzzRandom) throws {
        try file.damage(&random)
        for readOnly in [true, false] {
            var wrong: UInt64?
            do throws(StorageError) {
                let store = try SQLitePartitionStore(
                    folder: folder, partition: 7, readOnly: readOnly)
                wrong = try read(store)
                if !readOnly { try go(on: store) }
            } catch {
                // An error says that something is wrong, which is all that is asked for.
            }
            if let wrong { throw FuzzFailure("the damaged state of \(wrong) is taken for sound") }
        }
    }

    /// The key of a user whose state was read and is another than was written.
    private func read(_ store: SQLitePartitionStore) throws(StorageError) -> UInt64? {
        _ = try store.appliedOffset()
        _ = try store.outboxEnd()
        _ = try store.totals()
        for key in rows.keys {
            guard let state = try store.loadUser(key) else { continue }
            guard state == rows[key] else { return key }
        }
        try store.forEachUser { key, state in _ = try? UserState(decoding: state) }
        for block in try store.readOutbox(from: 0, maxBytes: 1 << 20) {
            _ = block.endOffset
            var reader = OutboxReader(block.records.span)
            while ((try? reader.next()) ?? nil) != nil {}
        }
        return nil
    }

    private func go(on store: SQLitePartitionStore) throws(StorageError) {
        let epoch = try store.epoch() + 1
        try store.claim(epoch: epoch)
        _ = try store.commit(
            PartitionCommit(epoch: epoch, appliedOffset: try store.appliedOffset() + 1))
    }
}

/// Leases and memberships.
struct SmallFilesTarget: FuzzTarget {
    private let leases: DamagedFile
    private let members: DamagedFile

    init(folder: String) throws {
        let path = "\(folder)/leases.sqlite"
        do {
            _ = try SQLiteLeases(path: path).grant(
                (0..<64).map { LeaseWish(partition: $0, holder: 0, floor: 0) })
        }
        leases = try DamagedFile(path)
        let other = "\(folder)/members.sqlite"
        do {
            let kept = try SQLiteMemberships(path: other, tags: ["rich"])
            try kept.note(
                joined: (0..<20).map { .init(tag: "rich", userID: "user-\($0)") }, left: [],
                asOfMs: FuzzWorld.nowMs)
            try kept.noteWhole()
        }
        members = try DamagedFile(other)
    }

    func run(_ random: inout FuzzRandom) throws {
        try leases.damage(&random)
        if let file = try? SQLiteLeases(path: leases.path) {
            _ = try? file.all()
            _ = try? file.grant([LeaseWish(partition: random.below(64), holder: 1, floor: 0)])
        }
        try members.damage(&random)
        if let file = try? SQLiteMemberships(path: members.path, tags: ["rich"]) {
            _ = try? file.read(after: nil, limit: 100)
            _ = try? file.note(joined: [.init(tag: "rich", userID: "x")], left: [], asOfMs: 1)
        }
    }
}

/// The event log: read by a reader, and gone on with by its writer.
struct LogFileTarget: FuzzTarget {
    private let folder: String
    private let file: DamagedFile

    init(folder: String, world: FuzzWorld) throws {
        self.folder = "\(folder)/log"
        try Files.makeFolder(self.folder)
        do {
            let log = try SQLiteEventLog(folder: self.folder)
            for _ in 0..<3 {
                _ = try log.append(
                    groups: [
                        PendingBlock(partition: 7, count: world.records, records: world.block)
                    ], batches: [ProducerBatch(producer: "p", epoch: 1, sequence: 1, reply: [8])],
                    rejects: [], receivedMs: FuzzWorld.nowMs)
            }
            _ = try log.database.checkpoint()
        }
        file = try DamagedFile("\(self.folder)/events.sqlite")
    }

    func run(_ random: inout FuzzRandom) throws {
        try file.damage(&random)
        do throws(StorageError) {
            let log = try SQLiteEventLog(folder: folder, readOnly: true)
            _ = try log.firsts()
            _ = try log.totals()
            _ = try log.offsets(at: FuzzWorld.nowMs)
            for block in try log.read(partition: 7, from: 0, maxBytes: 1 << 20) {
                _ = block.endOffset
            }
        } catch {}
        do throws(StorageError) {
            let log = try SQLiteEventLog(folder: folder)
            _ = try log.append(
                groups: [PendingBlock(partition: 3, count: 1, records: [1, 0])],
                batches: [ProducerBatch(producer: "p", epoch: 1, sequence: 2, reply: [8])],
                rejects: [], receivedMs: FuzzWorld.nowMs)
        } catch {}
    }
}
