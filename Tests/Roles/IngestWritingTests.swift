import Ingest
import Messages
import Runtime
import SQLite
import System
import Testing

@Suite("Ingest while its disk is slow", .timeLimit(.minutes(5)))
struct IngestWritingTests {
    @Test("who fetches is answered from memory while a group waits for the disk; nobody else is")
    func fetchesMeanwhile() async throws {
        let world = try IngestWorld()
        let ingest = try await world.startIngest()
        _ = try await world.send(IngestWorld.events(100), producer: "p", sequence: 1)
        #expect(try await fetched(world) == 100)

        // Whoever holds the lock of the file keeps the next group from being written.
        let slow = try Database(path: "\(world.folder.logFolder)/events.sqlite")
        try slow.execute("BEGIN IMMEDIATE")
        let second = Task {
            try await world.send(
                IngestWorld.events(50, from: 100), producer: "p", sequence: 2)
        }
        let isWriting = try await IngestWorld.until { () -> Bool? in
            await ingest.role.vitals().waiting == 1 ? true : nil
        }
        #expect(isWriting == true)
        let third = Task {
            try await world.send(
                IngestWorld.events(50, from: 150), producer: "q", sequence: 1)
        }
        #expect(try await fetched(world) == 100, "what is durable is read, what is not is not")
        #expect(await ingest.role.vitals().waiting == 1, "the second group is still on its way")
        try slow.execute("ROLLBACK")

        for batch in [second, third] {
            guard case .success(let result) = try await batch.value else {
                Issue.record("a batch was not taken")
                continue
            }
            #expect(result.accepted == 50)
            #expect(!result.already)
        }
        #expect(try await fetched(world) == 200)
        #expect(IngestWorld.counter("failed_commits", await ingest.role.vitals()) == 0)
        await ingest.stop()
    }

    @Test("what fails on the slow disk is refused, and new when it comes again")
    func failsMeanwhile() async throws {
        // What was not written is no repetition when it comes again.
        let world = try IngestWorld { configuration in
            var once = Configuration.CleaningRule("once")
            once.once = ["all"]
            configuration.cleaning = [once]
        }
        let ingest = try await world.startIngest()
        let slow = try Database(path: "\(world.folder.logFolder)/events.sqlite")
        try slow.execute("BEGIN IMMEDIATE")
        // Longer than SQLite waits for the lock.
        let refused = try await world.send(
            IngestWorld.events(50), producer: "p", sequence: 1)
        guard case .failure(.refused(.storageFailed, _, _)) = refused else {
            Issue.record("\(refused)")
            return
        }
        try slow.execute("ROLLBACK")
        guard
            case .success(let again) = try await world.send(
                IngestWorld.events(50), producer: "p", sequence: 1)
        else {
            Issue.record("not taken again")
            return
        }
        #expect(again.accepted == 50)
        #expect(!again.already)
        #expect(try await fetched(world) == 50)
        guard
            case .success(let repeated) = try await world.send(
                IngestWorld.events(60), producer: "p", sequence: 2)
        else {
            Issue.record("not taken")
            return
        }
        #expect((repeated.accepted, repeated.duplicates) == (10, 50))
        #expect(try await fetched(world) == 60)
        await ingest.stop()
    }

    /// Records that one fetch from the beginning of every partition brings.
    private func fetched(_ world: IngestWorld) async throws -> Int {
        var fetch = Fetch()
        fetch.stream = .events
        fetch.creditBytes = 1 << 20
        fetch.positions = (0..<UInt32(Endpoints.partitions)).map { partition in
            var position = Position()
            position.partition = partition
            return position
        }
        return try await world.ask(fetch, as: Fetched.self).blocks.reduce(0) {
            $0 + Int($1.count)
        }
    }
}
