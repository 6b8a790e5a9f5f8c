import FeaturePool
import Ingest
import Messages
import Runtime
import SQLite
import Storage
import System
import Testing

@Suite("A log that lost its end, or is damaged, is noticed by its readers", .timeLimit(.minutes(4)))
struct LostLogTests {
    private static func path(_ world: IngestWorld) -> String { world.folder.eventLogFile }

    /// The log as it is now; its end must be in its one file.
    private func copy(_ world: IngestWorld) throws -> [UInt8] {
        let wal = Self.path(world) + "-wal"
        #expect(try !Files.exists(wal) || Files.read(wal).isEmpty, "a clean stop leaves one file")
        return try Files.read(Self.path(world))
    }

    private func put(_ bytes: [UInt8], _ world: IngestWorld) throws {
        for suffix in ["-wal", "-shm"] { try Files.remove(Self.path(world) + suffix) }
        try Files.writeAtomically(Self.path(world), bytes)
    }

    private func settled(
        _ ingest: RoleHost<IngestRole>, _ features: RoleHost<FeatureRole>
    ) async throws -> Bool {
        let done = try await IngestWorld.until { () -> Bool? in
            let log = await ingest.role.vitals()
            let work = await features.role.vitals()
            let missing =
                IngestWorld.counter("log_records", log)
                - IngestWorld.counter("catalogue_records", log)
                - IngestWorld.counter("applied_total", work)
            return missing == 0 && IngestWorld.counter("dirty_partitions", work) == 0 ? true : nil
        }
        return done == true
    }

    /// Every state has exactly what the log has.
    private func check(_ world: IngestWorld) throws {
        let log = try SQLiteEventLog(folder: world.folder.logFolder, readOnly: true)
        let ends = try log.ends()
        for partition in 0..<64 {
            let store = try SQLitePartitionStore(
                folder: world.folder.stateFolder, partition: partition, readOnly: true)
            #expect(try store.appliedOffset() == ends[partition], "partition \(partition)")
            #expect(try store.strangeness(of: log) == nil, "partition \(partition)")
        }
    }

    private func send(
        _ world: IngestWorld, _ count: Int, from first: Int, sequence: UInt64,
        producer: String = "p"
    ) async throws {
        let result = try await world.send(
            IngestWorld.events(count, from: first), producer: producer, sequence: sequence)
        #expect(try result.get().accepted == UInt32(count))
    }

    @Test("states ahead of the log are set aside and folded again; nothing new is passed over")
    func stopped() async throws {
        let world = try IngestWorld()
        var ingest = try await world.startIngest()
        try await send(world, 100, from: 0, sequence: 1)
        await ingest.stop()
        let before = try copy(world)
        ingest = try await world.startIngest()
        try await send(world, 300, from: 100, sequence: 2)
        var features = try await world.startFeatures()
        #expect(try await settled(ingest, features))
        await features.stop()
        await ingest.stop()

        try put(before, world)
        ingest = try await world.startIngest()
        // More than was lost: in number the log is as it was, in what it holds it is not.
        try await send(world, 600, from: 1_000, sequence: 2)
        features = try await world.startFeatures()
        #expect(try await settled(ingest, features))
        #expect(IngestWorld.counter("states_ahead", await features.role.vitals()) >= 30)
        await features.stop()
        await ingest.stop()
        try check(world)
        let aside = try Files.list(world.folder.stateFolder).filter { $0.hasSuffix(".ahead") }
        #expect(aside.count >= 30)
    }

    @Test("a worker that runs while ingest comes back with less does not go on as if nothing were")
    func running() async throws {
        let world = try IngestWorld()
        var ingest = try await world.startIngest()
        try await send(world, 100, from: 0, sequence: 1)
        await ingest.stop()
        let before = try copy(world)
        ingest = try await world.startIngest()
        try await send(world, 300, from: 100, sequence: 2)
        let features = try await world.startFeatures()
        #expect(try await settled(ingest, features))
        await ingest.stop()
        try put(before, world)
        ingest = try await world.startIngest()
        try await send(world, 600, from: 1_000, sequence: 2)
        #expect(try await settled(ingest, features))
        #expect(IngestWorld.counter("states_ahead", await features.role.vitals()) >= 30)
        await features.stop()
        await ingest.stop()
        try check(world)
    }

    @Test("states of another log are refused: a person must say which of the two is right")
    func other() async throws {
        let world = try IngestWorld()
        var ingest = try await world.startIngest()
        try await send(world, 100, from: 0, sequence: 1)
        let features = try await world.startFeatures()
        #expect(try await settled(ingest, features))
        await features.stop()
        await ingest.stop()
        for suffix in ["", "-wal", "-shm"] { try Files.remove(Self.path(world) + suffix) }
        ingest = try await world.startIngest()
        try await send(world, 100, from: 500, sequence: 1, producer: "q")
        await #expect(throws: StartFailure.self) { _ = try await world.startFeatures() }
        await ingest.stop()
    }

    @Test("a damaged block stops its own partition, said once, and no other")
    func damaged() async throws {
        let world = try IngestWorld()
        var ingest = try await world.startIngest()
        try await send(world, 400, from: 0, sequence: 1)
        try await send(world, 400, from: 400, sequence: 2)
        await ingest.stop()
        let partition = try spoil(world)
        ingest = try await world.startIngest()
        let features = try await world.startFeatures()
        let log = try SQLiteEventLog(folder: world.folder.logFolder, readOnly: true)
        let ends = try log.ends()
        let wanted = Double(ends[..<64].reduce(0, +) - ends[partition])
        let isDone = try await IngestWorld.until { () -> Bool? in
            let applied = IngestWorld.counter("applied_total", await features.role.vitals())
            let damaged = IngestWorld.counter("damaged_partitions", await ingest.role.vitals())
            return applied >= wanted && damaged == 1 ? true : nil
        }
        #expect(isDone == true)
        // It waits like one that has read everything, and asks no more often than one.
        let before = await ingest.role.vitals()
        try await send(world, 200, from: 800, sequence: 3)
        let goesOn = try await IngestWorld.until { () -> Bool? in
            let applied = IngestWorld.counter("applied_total", await features.role.vitals())
            return applied > wanted ? true : nil
        }
        #expect(goesOn == true)
        let after = await ingest.role.vitals()
        let fetches =
            IngestWorld.counter("fetches", after) - IngestWorld.counter("fetches", before)
        #expect(fetches < 20)
        #expect(IngestWorld.counter("lag", await features.role.vitals()) == 0)
        #expect(IngestWorld.counter("failures", await features.role.vitals()) == 0)
        await features.stop()
        await ingest.stop()
    }

    /// Changes one bit of the first block of a partition of users.
    private func spoil(_ world: IngestWorld) throws -> Int {
        let database = try Database(path: Self.path(world))
        let row = try database.prepare(
            "SELECT id, partition, records FROM blocks WHERE partition < 64 ORDER BY id LIMIT 1")
        #expect(try row.step())
        let (id, partition) = (row.int64(0), row.int(1))
        var records = row.bytes(2)
        row.reset()
        records[records.count / 2] ^= 16
        let put = try database.prepare("UPDATE blocks SET records = ? WHERE id = ?")
        try put.bind(records, at: 1)
        try put.bind(id, at: 2)
        try put.run()
        return partition
    }
}
