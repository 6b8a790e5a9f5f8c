import Archive
import Features
import Runtime
import SQLite
import Storage
import System
import Testing

@Suite("A damaged or lost state has a name, and is made anew", .timeLimit(.minutes(5)))
struct RepairTests {
    enum Damage: String, CaseIterable, Sendable {
        case zeroedHeader, cutShort, emptied, deleted, changedState, changedVersion, changedMeta

        func `do`(to path: String) throws {
            switch self {
            case .zeroedHeader:
                var bytes = try Files.read(path)
                for at in 0..<100 { bytes[at] = 0 }
                try Files.writeAtomically(path, bytes)
            case .cutShort:
                let bytes = try Files.read(path)
                try Files.writeAtomically(path, Array(bytes[..<(bytes.count / 2)]))
            case .emptied: try Files.writeAtomically(path, [])
            case .deleted: try Files.remove(path)
            case .changedState:
                try change(path, "UPDATE users SET state = x'03' || substr(state, 2, 20)")
            case .changedVersion:
                try change(path, "UPDATE users SET state = x'04' || substr(state, 2), sum = NULL")
            case .changedMeta: try change(path, "UPDATE meta SET applied = applied - 1")
            }
        }

        private func change(_ path: String, _ sql: String) throws {
            let database = try Database(path: path)
            try database.execute(sql)
            _ = try database.checkpoint()
        }
    }

    private func made() throws -> (World, partition: Int) {
        let world = try World()
        for _ in 0..<4 { try world.append(80, items: 1) }
        try world.work()
        let partition = try #require((0..<64).first { world.ends[$0] > 10 })
        let path = world.statePath(partition)
        try SQLitePartitionStore.scratch(path: path, partition: partition).settle()
        for suffix in ["-wal", "-shm"] { try Files.remove(path + suffix) }
        return (world, partition)
    }

    @Test("every reader says so, and nobody counts fewer", arguments: Damage.allCases)
    func named(_ damage: Damage) throws {
        let (world, partition) = try made()
        try damage.do(to: world.statePath(partition))
        #expect(throws: (any Error).self) {
            try StateFiles(world.folder).forEachState(partition) { _ in }
        }
        let bad = try world.verdicts().filter { !$0.isEqual }
        #expect(bad.map(\.partition) == [partition])
        let deep = try DeepCheck(world.folder).run()
        #expect(Set(deep.map(\.file)) == ["state/\(partition).sqlite"])
        if damage == .deleted {
            var backup = Backup(
                of: world.folder, to: "\(world.parent)/backup", withKeys: false)
            #expect(throws: ArchiveFailure.self) { try backup.run() }
        }
    }

    @Test("made anew from the log, with the damaged file kept", arguments: Damage.allCases)
    func repaired(_ damage: Damage) throws {
        let (world, partition) = try made()
        try damage.do(to: world.statePath(partition))
        let repair = PartitionRepair(world.folder, partition: partition)
        let outcome = try #require(try repair.run(replacing: repair.found, nowMs: 5))
        #expect(outcome.records == world.ends[partition])
        #expect((outcome.keptAs == nil) == (damage == .deleted))
        if let kept = outcome.keptAs { #expect(Files.exists(kept)) }
        #expect(try world.differences(in: world.folder, at: world.ends) == [])
        #expect(try world.verdicts().allSatisfy(\.isEqual))
        #expect(try DeepCheck(world.folder).run() == [])
    }

    @Test("two that try do it once; what was replaced meanwhile is left alone")
    func once() throws {
        let (world, partition) = try made()
        let repair = PartitionRepair(world.folder, partition: partition)
        let before = repair.found
        try Damage.zeroedHeader.do(to: world.statePath(partition))
        #expect(repair.found != before)
        #expect(try repair.run(replacing: before, nowMs: 5) == nil)
        let lock = try FolderLock("\(world.statePath(partition)).lock", note: "another")
        #expect(try repair.run(replacing: repair.found, nowMs: 5) == nil)
        _ = consume lock
        #expect(try repair.run(replacing: repair.found, nowMs: 5) != nil)
        for round in 0..<4 {
            try Damage.zeroedHeader.do(to: world.statePath(partition))
            _ = try repair.run(replacing: repair.found, nowMs: 6 + Int64(round))
        }
        let kept = try Files.list("\(world.folder.stateFolder)/damaged")
        #expect(kept == ["\(partition)-8.sqlite", "\(partition)-9.sqlite"])
    }

    @Test("where the log no longer reaches back, the damaged file stays and the reason is told")
    func impossible() throws {
        let (world, partition) = try made()
        try Damage.zeroedHeader.do(to: world.statePath(partition))
        let range = try #require(try world.log.groups())
        while try world.log.removeOldest(before: range.upperBound, bytesMax: 1 << 20) {}
        let repair = PartitionRepair(world.folder, partition: partition)
        let found = repair.found
        #expect(throws: ArchiveFailure.self) { try repair.run(replacing: found, nowMs: 5) }
        #expect(repair.found == found)
    }

    @Test("a manifest of a backup that was changed is refused")
    func manifest() throws {
        let (world, _) = try made()
        let target = "\(world.parent)/backup"
        var backup = Backup(of: world.folder, to: target, withKeys: false)
        _ = try backup.run()
        let path = "\(target)/\(BackupManifest.fileName)"
        let good = try Files.read(path)
        for (at, byte) in good.enumerated() where (48...57).contains(byte) && at % 5 == 0 {
            var bytes = good
            bytes[at] ^= 1
            try Files.writeAtomically(path, bytes)
            #expect(throws: ArchiveFailure.self, "byte \(at)") { try BackupManifest.load(target) }
        }
        try Files.writeAtomically(path, good)
        _ = try BackupManifest.load(target)
    }
}
