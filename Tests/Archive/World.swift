import Archive
import Events
import Features
import Messages
import Randomness
import Runtime
import SQLite
import Storage
import System
import Testing

/// A data folder without processes: a log that is written as ingest writes it, states as workers
/// fold them, and the plainest possible second account of both.
final class World {
    let parent: String
    let folder: DataFolder
    let log: SQLiteEventLog
    /// Every record of every partition, in order.
    private(set) var records: [[[UInt8]]] = .init(repeating: [], count: Partitions.all)
    /// The newest price of every item.
    private(set) var prices: [String: Double] = [:]
    /// Between two appends: so far apart that each is a group of its own.
    static let stepMs: Int64 = 20_000
    private(set) var nowMs: Int64 = 1_700_000_000_000
    /// Offsets after each group, with the moment it came in.
    private(set) var moments: [(timeMs: Int64, ends: [UInt64])] = []
    private var dice: SplitMix64
    private var made = 0
    let users: Int

    /// `keepsWAL` leaves everything in the write-ahead log, for tests that tear it.
    init(seed: UInt64 = 1, users: Int = 40, keepsWAL: Bool = false) throws {
        parent = try Files.makeTemporaryFolder(prefix: "limn-archive")
        folder = try DataFolder.initialise("\(parent)/shop")
        if keepsWAL {
            var options = DatabaseOptions()
            options.pageSize = 1024
            options.checkpointPages = 0
            log = try SQLiteEventLog(path: folder.eventLogFile, options: options)
        } else {
            log = try SQLiteEventLog(folder: folder.logFolder)
        }
        dice = SplitMix64(seed: seed)
        self.users = users
    }

    deinit { try? Files.removeTree(parent) }

    var ends: [UInt64] { records.map { UInt64($0.count) } }

    /// Appends one group of events, a step later than the last, with an item now and then.
    func append(_ count: Int, items: Int = 0) throws {
        nowMs += Self.stepMs
        try append((0..<count).map { _ in nextEvent() }, items: items)
    }

    /// Appends one event of each of these users.
    func append(ids: [String]) throws {
        nowMs += Self.stepMs
        try append(
            ids.map { id in
                var event = nextEvent()
                event.userID = id
                return event
            }, items: 0)
    }

    private func append(_ events: [Event], items: Int) throws {
        var buffers: [(count: Int, bytes: [UInt8])] = .init(repeating: (0, []), count: 65)
        func add(_ content: RecordFields.Content, _ body: [UInt8], to partition: Int) {
            var record: [UInt8] = []
            var stamp = Stamp()
            stamp.receivedMs = nowMs
            record.appendRecord(content, body.span, 0..<body.count, stamp: stamp)
            buffers[partition].count += 1
            buffers[partition].bytes += record
            records[partition].append(record)
        }
        for event in events {
            add(
                .event, event.encoded(), to: Partitions.partition(ofUser: event.userID))
        }
        for _ in 0..<items {
            var item = Item()
            item.itemID = "item-\(dice.below(12))"
            item.price = Double(dice.below(10_000)) / 100
            prices[item.itemID] = item.price
            add(.item, item.encoded(), to: Partitions.catalogue)
        }
        let blocks = buffers.enumerated().filter { $1.count > 0 }.map {
            PendingBlock(partition: $0, count: $1.count, records: $1.bytes)
        }
        _ = try log.append(groups: blocks, batches: [], rejects: [], receivedMs: nowMs)
        moments.append((nowMs, ends))
    }

    private func nextEvent() -> Event {
        let types: [EventType] = [.view, .view, .click, .cartAdd, .purchase, .search, .favourite]
        var event = Event()
        made += 1
        event.eventID = "\(made)"
        event.userID = "user-\(dice.below(users))"
        event.type = types[dice.below(types.count)]
        event.itemID = "item-\(dice.below(30))"
        event.category = ["a/b", "a/c", "d"][dice.below(3)]
        event.timeMs = nowMs + Int64(made) * 400_000
        event.price = Double(dice.below(9_999)) / 100
        return event
    }

    /// Brings the states of all partitions to the log's end, or so far, as workers do.
    func work(upTo wanted: [UInt64]? = nil) throws {
        let wanted = wanted ?? ends
        for partition in 0..<Partitions.users {
            // Made for every partition, with something to fold or not.
            let store = try SQLitePartitionStore(
                folder: folder.stateFolder, partition: partition)
            if try store.appliedOffset() < wanted[partition] {
                try PartitionRebuild(from: log, keys: folder.userKeys())
                    .advance(store, to: wanted[partition])
            }
        }
    }

    /// Every user's state when one record after the other is folded from the very beginning.
    func naive(
        _ partition: Int, upTo end: UInt64, _ keys: UserKeys? = nil
    ) throws -> [UInt64: [UInt8]] {
        var fold = PartitionFold(
            partition: partition, appliedOffset: 0, storeIsEmpty: true,
            parameters: FoldParameters(), keys: try keys ?? folder.userKeys())
        var changed: [UInt64] = []
        for offset in 0..<Int(end) {
            let record = records[partition][offset]
            try fold.fold(
                record.span, firstOffset: UInt64(offset), changed: &changed,
                load: { _ in nil })
        }
        let users = fold.takeChanges().users
        return Dictionary(uniqueKeysWithValues: users.states.map { ($0.key, $0.state) })
    }

    /// How the states of a folder differ from the naive account up to these offsets.
    func differences(in folder: DataFolder, at ends: [UInt64]) throws -> [String] {
        var found: [String] = []
        for partition in 0..<Partitions.users where ends[partition] > 0 {
            let store = try SQLitePartitionStore(
                folder: folder.stateFolder, partition: partition, readOnly: true)
            if try store.appliedOffset() != ends[partition] {
                found.append("\(partition): at \(try store.appliedOffset())")
            }
            var states: [UInt64: [UInt8]] = [:]
            try store.forEachUser { key, state in states[key] = state.array(0..<state.count) }
            let others = try folder.userKeys()
            let keys = try store.keyCheck() == others.check ? others : nil
            if states != (try naive(partition, upTo: ends[partition], keys)) {
                found.append("\(partition): other states")
            }
        }
        return found
    }

    func verdicts(
        of other: DataFolder? = nil, threads: Int = 3
    ) throws -> [PartitionVerdict] {
        try Verification(other ?? folder, threads: threads).run(Array(0..<Partitions.users))
    }

    func statePath(_ partition: Int) -> String {
        SQLitePartitionStore.path(folder: folder.stateFolder, partition: partition)
    }
}
