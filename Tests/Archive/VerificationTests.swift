import Archive
import Events
import Features
import Messages
import Runtime
import Storage
import System
import Testing

@Suite(
    "Verification finds what is not what the log says, and nothing else", .timeLimit(.minutes(2)))
struct VerificationTests {
    @Test("states are equal however the fold was cut", arguments: [1, 5])
    func equal(threads: Int) throws {
        let world = try World(seed: UInt64(threads))
        for _ in 0..<20 { try world.append(60, items: 1) }
        try world.work()
        #expect(try world.differences(in: world.folder, at: world.ends) == [])
        let verdicts = try world.verdicts(threads: threads)
        #expect(verdicts.filter { !$0.isEqual }.isEmpty)
        #expect(verdicts.reduce(0) { $0 + $1.users } == world.users)
        #expect(verdicts.map(\.applied) == Array(world.ends.prefix(64)))
    }

    @Test("a worker that is behind is no difference, one that is ahead of the log is")
    func behindAndAhead() throws {
        let world = try World()
        try world.append(100)
        try world.work()
        try world.append(100)
        #expect(try world.verdicts().allSatisfy(\.isEqual))
        try world.work()
        // Acknowledged and folded, but lost: what an acknowledgement before the commit would do.
        try world.log.cut(after: world.moments[0].timeMs)
        let verdicts = try world.verdicts().filter { !$0.isEqual }
        #expect(!verdicts.isEmpty)
        #expect(verdicts.allSatisfy { $0.problem?.contains("the log") == true })
    }

    @Test("one altered byte in a state file is found and named")
    func canary() throws {
        let world = try World()
        for _ in 0..<5 { try world.append(100) }
        try world.work()
        let partition = Partitions.partition(ofUser: "user-7")
        let path = world.statePath(partition)
        try settle(path, partition)
        var bytes = try Files.read(path)
        let name = Array("user-7".utf8)
        let at = try #require(bytes.indices.first { bytes[$0...].starts(with: name) })
        // A byte of the first event's time, behind the id and the version.
        bytes[at + name.count + 3] ^= 0x02
        try Files.writeAtomically(path, bytes)
        let bad = try world.verdicts().filter { !$0.isEqual }
        #expect(bad.map(\.partition) == [partition])
        #expect(bad.first?.differing == 1)
        let difference = try #require(bad.first?.differences.first)
        #expect(difference.userID == "user-7")
        #expect(difference.fields.contains { $0.hasPrefix("firstSeenMs: ") })
    }

    @Test("whichever byte is altered: found, or without any effect, and never a crash")
    func everyByte() throws {
        let world = try World(users: 3)
        try world.append(30)
        try world.work()
        let partition = try #require((0..<64).first { world.ends[$0] > 5 })
        let path = world.statePath(partition)
        try settle(path, partition)
        let good = try Files.read(path)
        let wanted = try world.naive(partition, upTo: world.ends[partition])
        var (found, harmless) = (0, 0)
        for at in stride(from: 0, to: good.count, by: 37) {
            var bytes = good
            bytes[at] ^= 0x10
            try Files.writeAtomically(path, bytes)
            for suffix in ["-wal", "-shm"] { try Files.remove(path + suffix) }
            let verdict = try Verification(world.folder, threads: 1).run([partition])[0]
            if verdict.isEqual {
                harmless += 1
                let store = try SQLitePartitionStore(
                    folder: world.folder.stateFolder, partition: partition, readOnly: true)
                var states: [UInt64: [UInt8]] = [:]
                try store.forEachUser { key, state in
                    states[key] = state.array(0..<state.count)
                }
                #expect(states == wanted, "byte \(at)")
            } else {
                found += 1
            }
        }
        #expect(found > 3 && harmless > 3, "\(found) found, \(harmless) without effect")
    }

    private func settle(_ path: String, _ partition: Int) throws {
        try SQLitePartitionStore.scratch(path: path, partition: partition).settle()
        for suffix in ["-wal", "-shm"] { try Files.remove(path + suffix) }
    }
}
