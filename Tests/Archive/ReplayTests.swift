import Archive
import Events
import Features
import Runtime
import Storage
import System
import Testing

@Suite("A replay makes states anew, of all of the log or of a part", .timeLimit(.minutes(2)))
struct ReplayTests {
    @Test("to a moment, into a folder that a cluster can use")
    func moment() throws {
        let world = try World(users: 10)
        for _ in 0..<5 { try world.append(50, items: 1) }
        let replay = Replay(of: world.folder, into: "\(world.parent)/again")
        let moment = world.moments[2]
        let outcome = try replay.all(until: .moment(timeMs: moment.timeMs), threads: 2)
        #expect(outcome.records == Int(moment.ends.prefix(64).reduce(0, +)))
        let folder = try DataFolder("\(world.parent)/again")
        try folder.requireInitialised()
        #expect(try world.differences(in: folder, at: moment.ends) == [])
        #expect(try world.verdicts(of: folder).allSatisfy(\.isEqual))
        #expect(try SQLiteEventLog(folder: folder.logFolder).ends() == moment.ends)
        let state = try #require(try StateReader(folder).state(of: "user-3"))
        #expect(state.userID == "user-3")
        #expect(try StateReader(folder).state(of: "nobody") == nil)
        #expect(throws: ArchiveFailure.self) { try replay.all(until: .now, threads: 1) }
    }

    @Test("of one partition, up to an offset or from one on")
    func partition() throws {
        let world = try World(users: 10)
        for _ in 0..<5 { try world.append(50) }
        let partition = try #require((0..<64).first { world.ends[$0] > 10 })
        let part = Replay(of: world.folder, into: "\(world.parent)/part")
        let outcome = try part.states(of: partition, until: .offset(7), threads: 1)
        #expect(outcome.partitions == [partition] && outcome.records == 7)
        let folder = try DataFolder("\(world.parent)/part")
        var ends = [UInt64](repeating: 0, count: 65)
        ends[partition] = 7
        #expect(try world.differences(in: folder, at: ends) == [])
        let late = Replay(of: world.folder, into: "\(world.parent)/late")
        _ = try late.states(of: partition, from: 7, until: .now, threads: 1)
        let store = try SQLitePartitionStore(
            folder: "\(world.parent)/late/state", partition: partition)
        #expect(try store.appliedOffset() == world.ends[partition])
        #expect(throws: ArchiveFailure.self) {
            try Replay(of: world.folder, into: "\(world.parent)/x")
                .states(of: partition, until: .offset(.max), threads: 1)
        }
        #expect(!Files.exists("\(world.parent)/x.partial"))
    }
}
