import Archive
import Events
import Messages
import Randomness
import Runtime
import Storage
import System
import Testing

@Suite("Retention never removes what is needed, wherever it stops", .timeLimit(.minutes(3)))
struct RetentionTests {
    /// Everything that must hold at any instant: log and base together give every state, and the
    /// catalogue has the newest record of every item.
    private func check(_ world: World, _ log: SQLiteEventLog, _ note: String) throws {
        let firsts = try log.firsts()
        let base = Base(world.folder)
        for partition in 0..<64 {
            #expect(try base.offset(partition) >= firsts[partition], "\(note)")
        }
        #expect(try log.ends().prefix(64) == world.ends.prefix(64), "\(note)")
        for partition in 0..<64 where world.ends[partition] > firsts[partition] {
            let blocks = try log.read(
                partition: partition, from: firsts[partition], maxBytes: .max)
            let bytes = blocks.flatMap(\.records)
            let kept = world.records[partition][Int(blocks[0].firstOffset)...].flatMap { $0 }
            #expect(bytes == kept, "\(note), partition \(partition)")
        }
        var items: [String: Double] = [:]
        _ = try CatalogueScan(log).forEachRecord(from: firsts[64]) { _, content, _ in
            if case .item(let item) = content { items[item.itemID] = item.price }
        }
        #expect(items == world.prices, "\(note)")
    }

    private func settings(keepMs: Int64) -> Configuration.Retention {
        var settings = Configuration.Retention()
        settings.logAge = .milliseconds(keepMs)
        return settings
    }

    private func plan(_ world: World, keepMs: Int64) throws -> RetentionPlan.Outcome? {
        try RetentionPlan(
            world.folder, settings: settings(keepMs: keepMs), nowMs: world.nowMs
        ).make()
    }

    @Test("stopped after any step and begun again, states and catalogue stay whole")
    func everyStep() throws {
        for stopAfter in 0..<7 {
            let world = try World(seed: UInt64(stopAfter), users: 6)
            for _ in 0..<6 { try world.append(12, items: 3) }
            try world.work()
            for round in 0..<3 {
                // A crash: the log is opened again, the plan is lost.
                let log = try SQLiteEventLog(folder: world.folder.logFolder)
                if let plan = try plan(world, keepMs: 2 * World.stepMs) {
                    var steps = RetentionSteps(plan, itemsPerStep: 2, bytesPerStep: 1)
                    for _ in 0..<(round == 2 ? 100 : stopAfter) {
                        let step = try steps.next(log, nowMs: world.nowMs)
                        try check(world, log, "stop \(stopAfter), round \(round)")
                        if case .done = step { break }
                    }
                }
            }
            let log = try SQLiteEventLog(folder: world.folder.logFolder)
            #expect(try log.firsts().reduce(0, +) > 0)
            #expect(try world.verdicts().allSatisfy(\.isEqual))
            // States that are lost come back from the base and what is left of the log.
            let user = try #require((0..<64).first { world.ends[$0] > 8 })
            for suffix in ["", "-wal", "-shm"] {
                try Files.remove(world.statePath(user) + suffix)
            }
            let stores = FolderStores(
                folder: world.folder.stateFolder, base: world.folder.baseFolder)
            let store = try stores.open(partition: user, epoch: 9)
            #expect(try store.appliedOffset() == log.firsts()[user])
            try world.work()
            #expect(try world.differences(in: world.folder, at: world.ends) == [])
        }
    }

    @Test("torn at every 512th byte of what retention wrote, the log is whole")
    func torn() throws {
        let world = try World(seed: 4, users: 5, keepsWAL: true)
        for _ in 0..<5 { try world.append(10, items: 3) }
        try world.work()
        let wal = "\(world.folder.eventLogFile)-wal"
        let before = try Files.size(wal)
        var steps = RetentionSteps(
            try #require(try plan(world, keepMs: 3 * World.stepMs / 2)), itemsPerStep: 1,
            bytesPerStep: 1)
        var taken = 0
        while true {
            taken += 1
            if case .done = try steps.next(world.log, nowMs: world.nowMs) { break }
        }
        #expect(taken > 4)
        let (file, whole) = (try Files.read(world.folder.eventLogFile), try Files.read(wal))
        #expect(whole.count > before)
        let image = "\(world.parent)/image"
        try Files.makeFolder(image)
        var kept = Set<UInt64>()
        for length in Array(stride(from: before, to: whole.count, by: 512)) + [whole.count] {
            try Files.remove("\(image)/events.sqlite-shm")
            try Files.writeAtomically("\(image)/events.sqlite", file)
            try Files.writeAtomically(
                "\(image)/events.sqlite-wal", Array(whole.prefix(length)))
            let log = try SQLiteEventLog(folder: image)
            try check(world, log, "cut at \(length)")
            kept.insert(try log.firsts().reduce(0, +))
            // And it goes on: the next append stands where the last ended.
            let block = PendingBlock(partition: 9, count: 1, records: [0])
            let first = try log.append(groups: [block], batches: [], rejects: [], receivedMs: 1)
            #expect(first == [world.ends[9]])
        }
        #expect(kept.count > 2)
    }

    @Test("random life: appends, work, retention, restarts; equal to the naive fold at every step")
    func randomLife() throws {
        for seed in 1...3 as ClosedRange<UInt64> {
            let world = try World(seed: seed, users: 8)
            var dice = SplitMix64(seed: seed &+ 100)
            for step in 0..<40 {
                switch dice.below(4) {
                case 0, 1: try world.append(1 + dice.below(20), items: dice.below(3))
                case 2: try world.work()
                default:
                    if let plan = try plan(world, keepMs: 1 + Int64(dice.below(6)) * World.stepMs) {
                        var steps = RetentionSteps(plan, itemsPerStep: 1, bytesPerStep: 200)
                        for _ in 0..<dice.below(12) {
                            if case .done = try steps.next(world.log, nowMs: world.nowMs) { break }
                        }
                    }
                }
                try check(world, world.log, "seed \(seed), step \(step)")
            }
            try world.work()
            #expect(try world.differences(in: world.folder, at: world.ends) == [], "\(seed)")
            #expect(try world.verdicts().allSatisfy(\.isEqual))
        }
    }

    @Test("what a worker has not committed stays, however old")
    func uncommitted() throws {
        let world = try World()
        for _ in 0..<5 { try world.append(50) }
        #expect(try plan(world, keepMs: 1) == nil)
        try world.work(upTo: world.moments[1].ends)
        let plan = try #require(try plan(world, keepMs: 1))
        #expect(plan.group.starts == world.moments[1].ends)
    }

    @Test("by size, no more goes than must")
    func size() throws {
        let world = try World()
        for _ in 0..<10 { try world.append(400) }
        try world.work()
        let before = try world.log.fileBytes()
        var settings = Configuration.Retention()
        settings.logBytes = (before.all - before.free) * 6 / 10
        let found = try RetentionPlan(world.folder, settings: settings, nowMs: world.nowMs).make()
        var steps = RetentionSteps(try #require(found))
        while case .removed = try steps.next(world.log, nowMs: world.nowMs) {}
        let after = try world.log.fileBytes()
        #expect(after.all - after.free <= settings.logBytes * 11 / 10)
        #expect(after.all - after.free > settings.logBytes / 2)
        #expect(after.all <= before.all)
        // The space is used again before the file grows.
        for _ in 0..<2 { try world.append(400) }
        #expect(try world.log.fileBytes().all <= before.all + 8 * 16_384)
    }

    @Test("below the first kept offset the log says where it begins")
    func outOfRange() throws {
        let world = try World()
        for _ in 0..<4 { try world.append(100) }
        try world.work()
        var steps = RetentionSteps(try #require(try plan(world, keepMs: World.stepMs)))
        while case .removed = try steps.next(world.log, nowMs: world.nowMs) {}
        let firsts = try world.log.firsts()
        let partition = try #require((0..<64).first { firsts[$0] > 0 })
        #expect(throws: StorageError.outOfRange(firstKept: firsts[partition])) {
            try world.log.read(partition: partition, from: firsts[partition] - 1, maxBytes: 10)
        }
        #expect(throws: StorageError.outOfRange(firstKept: firsts[partition])) {
            try SQLiteEventLog(folder: world.folder.logFolder, readOnly: true)
                .read(partition: partition, from: 0, maxBytes: 10)
        }
    }

    @Test("a backup and a restore after retention give the same states; a moment before it none")
    func backupAfterwards() throws {
        let world = try World(users: 10)
        for _ in 0..<6 { try world.append(40, items: 1) }
        try world.work()
        var steps = RetentionSteps(try #require(try plan(world, keepMs: 3 * World.stepMs)))
        while case .removed = try steps.next(world.log, nowMs: world.nowMs) {}
        let target = "\(world.parent)/backup"
        var backup = Backup(of: world.folder, to: target, withKeys: false)
        _ = try backup.run()
        let moment = world.moments[4]
        _ = try Restore(target, into: "\(world.parent)/new").run(until: moment.timeMs)
        let restored = try DataFolder("\(world.parent)/new")
        #expect(try world.differences(in: restored, at: moment.ends) == [])
        #expect(try world.verdicts(of: restored).allSatisfy(\.isEqual))
        #expect(throws: ArchiveFailure.self) {
            try Restore(target, into: "\(world.parent)/old").run(until: world.moments[0].timeMs)
        }
        #expect(try Files.list(world.parent) == ["backup", "new", "shop"])
    }

    @Test("silent producers are forgotten, those that send are not")
    func producers() throws {
        let world = try World()
        func send(_ name: String, _ sequence: UInt64) throws {
            let batch = ProducerBatch(producer: name, epoch: 1, sequence: sequence, reply: [1])
            _ = try world.log.append(groups: [], batches: [batch], rejects: [], receivedMs: 0)
        }
        try send("old", 1)
        try send("busy", 1)
        #expect(try world.log.forgetProducers(silentSinceMs: 0, nowMs: 1000) == [])
        try send("busy", 2)
        #expect(try world.log.forgetProducers(silentSinceMs: 1000, nowMs: 2000) == [])
        #expect(try world.log.forgetProducers(silentSinceMs: 1500, nowMs: 2500) == ["old"])
        let log = try SQLiteEventLog(folder: world.folder.logFolder)
        #expect(try log.producerState("old") == nil)
        #expect(try log.producerState("busy")?.lastSequence == 2)
        #expect(try log.storedReply(producer: "busy", epoch: 1, sequence: 2) == [1])
    }
}
