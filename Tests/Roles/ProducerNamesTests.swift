import Events
import Messages
import Runtime
import SQLite
import Storage
import System
import Testing

@testable import Ingest

@Suite("Names of producers belong to keys")
struct ProducerNamesTests {
    private static let nowMs = IntakeTests.nowMs

    private static func batch(
        _ producer: String, _ sequence: UInt64, epoch: UInt64 = 1, _ records: [Record]
    ) -> [UInt8] {
        var batch = EventBatch()
        batch.producer = producer
        batch.epoch = sequence == 0 ? 0 : epoch
        batch.sequence = sequence
        batch.records = records
        return batch.encoded()
    }

    /// An intake over the plainest log.
    private struct World {
        var intake: Intake
        var standings: [String: Intake.Standing] = [:]

        init(namesMax: Int = 1000, idsMax: Int = 1000, revoked: Set<String> = []) {
            intake = Intake(
                items: ItemDirectory(),
                eventIDs: EventIDMemory(
                    windowMs: 86_400_000, idsMax: idsMax, shareMax: idsMax / 2),
                names: ProducerNames(namesMax: namesMax, isKnown: { !revoked.contains($0) }))
        }

        mutating func take(_ batch: [UInt8], by sender: String) throws -> Intake.Verdict {
            let standings = standings
            return try intake.take(
                batch.span, body: 0..<batch.count, sender: sender, nowMs: nowMs,
                held: Intake.Held(
                    lookUp: { standings[$0] }, storedResult: { _, _, _ in nil },
                    namesOf: { key in standings.values.count { $0.owner == key } }))
        }

        mutating func write() -> Group {
            let group = intake.takeGroup()
            for claim in group.claims {
                standings[claim.producer, default: .init(epoch: 0, sequence: 0)].owner = claim.owner
            }
            for batch in group.batches {
                standings[batch.producer]?.epoch = batch.epoch
                standings[batch.producer]?.sequence = batch.sequence
            }
            intake.noteWritten()
            intake.eventIDs.commit(atMs: nowMs)
            return group
        }
    }

    @Test("another key's high epoch takes nothing away; a revoked key's names are free")
    func taken() throws {
        var world = World()
        let records = [IntakeTests.event("a")]
        _ = try world.take(Self.batch("shop", 1, records), by: "honest")
        let theft = Self.batch("shop", 1, epoch: 1 << 60, records)
        #expect(IntakeTests.code(try world.take(theft, by: "hostile")) == .producerTaken)
        _ = world.write()
        #expect(IntakeTests.code(try world.take(theft, by: "hostile")) == .producerTaken)
        let unnumbered = Self.batch("shop", 0, records)
        #expect(IntakeTests.code(try world.take(unnumbered, by: "hostile")) == .producerTaken)
        let next = try world.take(Self.batch("shop", 2, records), by: "honest")
        #expect(IntakeTests.result(next)?.accepted == 1)
        var after = World(revoked: ["honest"])
        after.standings = world.standings
        let heir = try after.take(Self.batch("shop", 2, records), by: "heir")
        #expect(IntakeTests.result(heir)?.accepted == 1)
        #expect(after.write().claims == [ProducerClaim(producer: "shop", owner: "heir")])
    }

    @Test("a name of the version before goes to the first key that comes, numbered or not")
    func migration() throws {
        var world = World()
        world.standings = ["old": .init(epoch: 3, sequence: 7)]
        let records = [IntakeTests.event("a")]
        let next = try world.take(Self.batch("old", 8, epoch: 3, records), by: "first")
        #expect(IntakeTests.result(next)?.already == false)
        #expect(world.write().claims == [ProducerClaim(producer: "old", owner: "first")])
        let second = try world.take(Self.batch("old", 9, epoch: 3, records), by: "second")
        #expect(IntakeTests.code(second) == .producerTaken)
    }

    @Test("a key has so many names, in the group under way too; a refused group's are free")
    func many() throws {
        var world = World(namesMax: 20)
        func flood(_ round: Int) throws -> Int {
            try (0..<200).count { number in
                let batch = Self.batch("n\(round) \(number)", UInt64(number % 2), [])
                return IntakeTests.result(try world.take(batch, by: "hostile")) != nil
            }
        }
        #expect(try flood(0) == 20)
        world.intake.forget(world.intake.takeGroup())
        #expect(try flood(1) == 20)
        #expect(world.write().claims.count == 20)
        #expect(try flood(2) == 0)
        let code = IntakeTests.code(try world.take(Self.batch("x", 1, []), by: "hostile"))
        #expect(code == .producersTooMany)
        let honest = try world.take(Self.batch("x", 1, []), by: "honest")
        #expect(IntakeTests.result(honest) != nil, "an honest key's names are its own")
        let known = try world.take(Self.batch("n1 1", 2, []), by: "hostile")
        #expect(IntakeTests.result(known) != nil, "and those that it has go on")
    }

    private static func events(_ count: Int, _ prefix: String) -> [Record] {
        (0..<count).map { number in
            var record = IntakeTests.event("u\(number)")
            if case .event(var event)? = record.content {
                event.eventID = "\(prefix)\(number)"
                record.content = .event(event)
            }
            return record
        }
    }

    @Test("one key uses up no other's room for event ids")
    func eventIDs() throws {
        /// Batches of ten that an honest key gets in, one for each twenty of the hostile.
        func honest(beside flood: Bool) throws -> Int {
            var world = World(idsMax: 1000)
            var taken = 0
            for round in 0..<40 {
                for part in 0..<20 where flood {
                    _ = try world.take(
                        Self.batch("flood", 0, Self.events(10, "h\(round).\(part).")),
                        by: "hostile")
                }
                let verdict = try world.take(
                    Self.batch("shop", 0, Self.events(10, "\(round).")), by: "honest")
                if IntakeTests.result(verdict) != nil { taken += 1 }
                _ = world.write()
            }
            return taken
        }
        let (alone, beside) = (try honest(beside: false), try honest(beside: true))
        #expect(alone == 40)
        #expect(beside >= alone / 2, "\(beside)")
    }

    @Test("a kept reply costs no more than its bound, and says how many records fared how")
    func replies() throws {
        var world = World()
        let records = Self.events(10, "e") + [Record](repeating: Record(), count: 4990)
        let bytes = Self.batch("p", 1, records)
        let first = try #require(
            IntakeTests.result(try world.take(bytes, by: "k")))
        #expect(first.rejects.count == 4990)
        #expect(first.encoded().count > 100_000)
        let again = try #require(
            IntakeTests.result(try world.take(bytes, by: "k")))
        #expect(again.already && again.accepted == 10 && again.rejected == 4990)
        #expect(again.rejects.first?.index == 10 && again.rejects.first?.code == .recordEmpty)
        let reply = try #require(world.write().batches.first?.reply)
        #expect(reply.count <= StorageLimits.replyBytesMax)
        #expect(reply.count > StorageLimits.replyBytesMax / 4)
    }

    @Test("owners are in the log: after a restart, and none in a log of the version before")
    func stored() throws {
        let folder = try Files.makeTemporaryFolder(prefix: "limn-owners")
        defer { try? Files.removeTree(folder) }
        func batch(_ name: String) -> ProducerBatch {
            ProducerBatch(producer: name, epoch: 1, sequence: 1, reply: [])
        }
        do {
            let log = try SQLiteEventLog(folder: folder)
            var notes = LogNotes()
            notes.claims = [
                ProducerClaim(producer: "a", owner: "k"), ProducerClaim(producer: "b", owner: "l"),
                ProducerClaim(producer: "unnumbered", owner: "k"),
            ]
            notes.eventIDs = [
                EventIDRun(owner: "k", bytes: [UInt8](repeating: 1, count: 16)),
                EventIDRun(owner: "l", bytes: [UInt8](repeating: 2, count: 32)),
            ]
            notes.eventIDsAtMs = 5
            _ = try log.append(
                groups: [], batches: [batch("a"), batch("b"), batch("old")], rejects: [],
                notes: notes, receivedMs: 0)
            #expect(log.producerCount(ofKey: "k") == 2)
            #expect(log.owner(ofProducer: "b") == "l")
            #expect(log.owner(ofProducer: "old") == nil)
            // What was refused is nobody's.
            try log.limitGrowth(pages: 0)
            notes.claims = [ProducerClaim(producer: "big", owner: "k")]
            let block = PendingBlock(
                partition: 0, count: 1, records: [UInt8](repeating: 1, count: 1 << 20))
            #expect(throws: StorageError.self) {
                try log.append(
                    groups: [block], batches: [batch("big")], rejects: [], notes: notes,
                    receivedMs: 0)
            }
            #expect(log.producerCount(ofKey: "k") == 2)
        }
        do {
            let log = try SQLiteEventLog(folder: folder)
            #expect(log.producerCount(ofKey: "k") == 2)
            #expect(log.owner(ofProducer: "a") == "k" && log.owner(ofProducer: "old") == nil)
            #expect(try log.producerState("unnumbered")?.lastSequence == 0)
            var ids: [String: Int] = [:]
            try log.forEachEventID { _, owner, hashes in ids[owner, default: 0] += hashes.count }
            #expect(ids == ["k": 16, "l": 32])
            // Silent ones are forgotten with their owners, and so are ids.
            _ = try log.forgetProducers(silentSinceMs: 0, nowMs: 10)
            let gone = try log.forgetProducers(silentSinceMs: 20, nowMs: 30)
            #expect(gone.sorted() == ["a", "b", "old", "unnumbered"])
            #expect(log.producerCount(ofKey: "k") == 0)
            var notes = LogNotes()
            notes.forgetEventIDsBeforeMs = 100
            _ = try log.append(groups: [], batches: [], rejects: [], notes: notes, receivedMs: 0)
        }
        let database = try Database(path: "\(folder)/events.sqlite")
        #expect(try database.integer("SELECT count(*) FROM producer_owners") == 0)
        #expect(try database.integer("SELECT count(*) FROM event_id_owners") == 0)
        // A log of the version before has neither table.
        try database.execute("DROP TABLE producer_owners; DROP TABLE event_id_owners")
        try database.execute(
            "INSERT INTO event_ids VALUES (1, 7, x'00112233445566778899aabbccddeeff')")
        var owners: [String] = []
        try SQLiteEventLog(folder: folder, readOnly: true).forEachEventID { _, owner, _ in
            owners.append(owner)
        }
        try SQLiteEventLog(folder: folder).forEachEventID { _, owner, _ in owners.append(owner) }
        #expect(owners == ["", ""])
    }
}
