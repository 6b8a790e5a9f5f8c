import Archive
import Runtime
import Storage
import System
import Testing

@Suite("A backup restores to any of its moments, or says why not", .timeLimit(.minutes(2)))
struct BackupTests {
    @Test("a backup of a live folder is whole, and restores to equal states")
    func whole() throws {
        let world = try World()
        for _ in 0..<4 { try world.append(80, items: 1) }
        try world.work(upTo: world.moments[1].ends)
        let target = "\(world.parent)/backup"
        var backup = Backup(of: world.folder, to: target, withKeys: true)
        let manifest = try backup.run()
        #expect(manifest.records == world.ends.reduce(0, +))
        #expect(manifest.problems(in: target).isEmpty)
        #expect(try BackupManifest.load(target) == manifest)
        let left = try Files.list(world.parent)
        #expect(left == ["backup", "shop"])
        for name in ["state", "log"] {
            let strays = try Files.list("\(target)/\(name)").filter { !$0.hasSuffix(".sqlite") }
            #expect(strays == [])
        }
        let outcome = try Restore(target, into: "\(world.parent)/new").run()
        #expect(outcome.cutRecords == 0 && outcome.rebuilt == [])
        let restored = try DataFolder("\(world.parent)/new")
        try restored.requireInitialised()
        #expect(
            try Files.read("\(restored.keysFolder)/server.key")
                == Files.read("\(world.folder.keysFolder)/server.key"))
        #expect(try Files.mode("\(restored.keysFolder)/server.key") == 0o600)
        #expect(try world.verdicts(of: restored).allSatisfy(\.isEqual))
        #expect(try world.differences(in: restored, at: world.moments[1].ends) == [])
        // The log behind the states came along: a worker goes on from there.
        let log = try SQLiteEventLog(folder: restored.logFolder)
        #expect(try log.ends() == world.ends)
    }

    @Test("a restore to every moment equals the naive fold up to it")
    func moments() throws {
        let world = try World(users: 12)
        for _ in 0..<6 { try world.append(40, items: 1) }
        try world.work()
        let target = "\(world.parent)/backup"
        var backup = Backup(of: world.folder, to: target, withKeys: false)
        _ = try backup.run()
        let begin = (timeMs: world.moments[0].timeMs - 2, ends: [UInt64](repeating: 0, count: 65))
        for (step, moment) in ([begin] + world.moments).enumerated() {
            let path = "\(world.parent)/to-\(step)"
            let outcome = try Restore(target, into: path).run(until: moment.timeMs + 1, threads: 2)
            let restored = try DataFolder(path)
            let log = try SQLiteEventLog(folder: restored.logFolder)
            #expect(try log.ends() == moment.ends, "moment \(step)")
            #expect(try log.totals().events == moment.ends.reduce(0, +))
            #expect(try world.differences(in: restored, at: moment.ends) == [])
            #expect(try world.verdicts(of: restored).allSatisfy(\.isEqual))
            #expect(outcome.records == moment.ends.reduce(0, +))
            #expect(!outcome.hasOldKeys)
            // And the log goes on where it was cut.
            let block = PendingBlock(partition: 3, count: 1, records: [0])
            let first = try log.append(
                groups: [block], batches: [], rejects: [], receivedMs: moment.timeMs + 5)
            #expect(first == [moment.ends[3]])
        }
    }

    @Test("numbers of producers stay, unless they are to be forgotten")
    func producers() throws {
        let world = try World()
        try world.append(10)
        let batch = ProducerBatch(producer: "till", epoch: 4, sequence: 9, reply: [1])
        _ = try world.log.append(groups: [], batches: [batch], rejects: [], receivedMs: world.nowMs)
        let target = "\(world.parent)/backup"
        var backup = Backup(of: world.folder, to: target, withKeys: false)
        _ = try backup.run()
        for forgets in [false, true] {
            let path = "\(world.parent)/\(forgets)"
            _ = try Restore(target, into: path).run(
                until: world.nowMs, forgettingProducers: forgets)
            let log = try SQLiteEventLog(folder: DataFolder(path).logFolder)
            #expect(try log.producerState("till")?.lastSequence == (forgets ? nil : 9))
        }
    }

    @Test("what was noted after the moment is gone, what was before stays")
    func notes() throws {
        let world = try World()
        try world.append(60)
        let moment = world.nowMs
        func reject(_ index: Int, _ timeMs: Int64) throws {
            let record = RejectRecord(
                producer: "p", epoch: 1, sequence: 1, index: index, code: 305, message: "NaN",
                record: [1, 2], receivedMs: timeMs)
            _ = try world.log.append(
                groups: [], batches: [], rejects: [record], receivedMs: timeMs)
        }
        try reject(0, moment)
        try world.append(60)
        try reject(1, world.nowMs)
        let partition = try #require((0..<64).first { world.moments[0].ends[$0] > 1 })
        var quarantine = try world.log.quarantine()
        for offset in [0, world.moments[0].ends[partition]] {
            try quarantine.add(
                QuarantinedRecord(
                    partition: partition, offset: offset, atMs: 1, reason: "killed", record: [7]))
        }
        let target = "\(world.parent)/backup"
        var backup = Backup(of: world.folder, to: target, withKeys: false)
        _ = try backup.run()
        _ = try Restore(target, into: "\(world.parent)/new").run(until: moment)
        let log = try SQLiteEventLog(folder: DataFolder("\(world.parent)/new").logFolder)
        #expect(try log.rejects(after: 0, limit: 10).map(\.reject.index) == [0])
        #expect(try log.rejectCounts() == [305: 1])
        #expect(try log.rejectAccount().rows == 1)
        #expect(try log.quarantine().records.map(\.offset) == [0])
        // The id of a reject that went is not given again.
        let next = RejectRecord(
            producer: "p", epoch: 1, sequence: 1, index: 2, code: 305, message: "NaN",
            record: [], receivedMs: moment)
        _ = try log.append(groups: [], batches: [], rejects: [next], receivedMs: moment)
        #expect(try log.rejects(after: 0, limit: 10).map(\.id) == [1, 3])
    }

    @Test("what is damaged, missing, occupied or no backup is refused, and leaves nothing behind")
    func refused() throws {
        let world = try World()
        try world.append(50)
        try world.work()
        let target = "\(world.parent)/backup"
        var backup = Backup(of: world.folder, to: target, withKeys: false)
        let manifest = try backup.run()
        #expect(throws: ArchiveFailure.self) { try backup.run() }
        #expect(throws: ArchiveFailure.self) {
            try Restore(world.folder.path, into: "\(world.parent)/new").run()
        }
        #expect(throws: ArchiveFailure.self) {
            try Restore(target, into: world.folder.path).run()
        }
        for file in [manifest.files[0], manifest.files[manifest.files.count - 1]] {
            let path = "\(target)/\(file.path)"
            let good = try Files.read(path)
            var bad = good
            bad[bad.count / 2] ^= 1
            for wrong in [bad, Array(good.dropLast())] {
                try Files.writeAtomically(path, wrong)
                #expect(manifest.problems(in: target).map(\.file) == [file.path])
                #expect(throws: ArchiveFailure.self) {
                    try Restore(target, into: "\(world.parent)/new").run()
                }
            }
            try Files.remove(path)
            #expect(manifest.problems(in: target).count == 1)
            try Files.writeAtomically(path, good)
        }
        #expect(manifest.problems(in: target).isEmpty)
        #expect(try Files.list(world.parent) == ["backup", "shop"])
    }

    @Test("what a killed backup left is replaced")
    func leftover() throws {
        let world = try World()
        try world.append(5)
        let target = "\(world.parent)/backup"
        try Files.makeFolder("\(target).partial/state")
        try Files.writeAtomically("\(target).partial/state/0.sqlite", [1, 2, 3])
        #expect(throws: ArchiveFailure.self) { try BackupManifest.load("\(target).partial") }
        var backup = Backup(of: world.folder, to: target, withKeys: false)
        #expect(try backup.run().problems(in: target).isEmpty)
        #expect(try Files.list(world.parent) == ["backup", "shop"])
    }
}
