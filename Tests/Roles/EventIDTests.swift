import Events
import Messages
import TestSupport
import Testing

@testable import Ingest

@Suite("Event ids of producers that do not number their batches")
struct EventIDTests {
    static let windowMs: Int64 = 80_000

    private func id(_ number: Int) -> EventIDMemory.ID {
        let bytes = Array("event-\(number)".utf8)
        return EventIDMemory.ID(HashKey((7, 7)), bytes.span, 0..<bytes.count)
    }

    /// When each id was committed, for ever: the plainest memory.
    struct Model {
        var times: [Int: Int64] = [:]

        /// Nil where the promise leaves it open.
        func isNew(_ number: Int, _ now: Int64, windowMs: Int64) -> Bool? {
            guard let time = times[number] else { return true }
            if now - time <= windowMs { return false }
            return now - time > windowMs + windowMs / 8 ? true : nil
        }
    }

    @Test(
        "agrees with a naive model: restarts, failed commits, the edge of the window",
        arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
    func model(seed: UInt64) {
        var state = seed
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        var memory = EventIDMemory(windowMs: Self.windowMs, idsMax: 100_000)
        var model = Model()
        var rows: [(timeMs: Int64, bytes: [UInt8])] = []
        var now: Int64 = 1_000_000
        var settled = 0
        for step in 0..<4000 {
            now += Int64(random(400))
            memory.expire(atMs: now)
            var group: [Int] = []
            for _ in 0..<random(4) {
                let number = random(600)
                let expected =
                    group.contains(number)
                    ? false : model.isNew(number, now, windowMs: Self.windowMs)
                let found = memory.insert(id(number))
                if let expected {
                    #expect(found == expected, "seed \(seed) step \(step) id \(number)")
                    settled += 1
                }
                if found { group.append(number) }
            }
            if random(20) == 0 {
                memory.drop()
            } else {
                rows.append((now, EventIDMemory.ID.bytes(memory.runs.flatMap(\.ids))))
                memory.commit(atMs: now)
                for number in group { model.times[number] = now }
            }
            rows.removeAll { $0.timeMs < memory.keptSinceMs(atMs: now) }
            if random(200) == 0 {
                now += Int64(random(5) == 0 ? 30_000 : 10)
                memory = EventIDMemory(windowMs: Self.windowMs, idsMax: 100_000)
                for row in rows {
                    EventIDMemory.ID.forEach(in: row.bytes.span) { id, isKeyed in
                        memory.restore(id, isKeyed: isKeyed, atMs: row.timeMs)
                    }
                }
            }
        }
        #expect(settled > 4000)
        #expect(memory.count <= 600)
    }

    @Test("ids that a version before has kept are known for as long as they would have been")
    func unkeyed() {
        let key = HashKey((3, 4))
        var memory = EventIDMemory(windowMs: Self.windowMs, idsMax: 100, key: key)
        func isNew(_ id: String) -> Bool {
            let bytes = Array("producer\(id)".utf8)
            return memory.insert(
                bytes.span, 8..<bytes.count, of: memory.producer(bytes.span, 0..<8, of: ""))
        }
        let name = Array("producer".utf8)
        let (hash, id) = (XXH64.hash("producer"), Array("old".utf8))
        let old = EventIDMemory.ID(unkeyed: hash, id.span, 0..<3)
        // As it was kept: sixteen bytes, and nothing before them.
        let row = Array(EventIDMemory.ID.bytes([old]).dropFirst())
        EventIDMemory.ID.forEach(in: row.span) { memory.restore($0, isKeyed: $1, atMs: 1000) }
        #expect(memory.count == 1 && !isNew("old") && isNew("new") && !isNew("new"))
        memory.commit(atMs: 2000)
        let kept = EventIDMemory.ID.bytes([
            EventIDMemory.ID(key.derived(from: name.span), id.span, 0..<3)
        ])
        #expect(kept.count == 17)
        memory.expire(atMs: 1001 + Self.windowMs + Self.windowMs / 8)
        #expect(isNew("old"), "after its window an id may come again")
        memory.drop()
        EventIDMemory.ID.forEach(in: kept.span) { memory.restore($0, isKeyed: $1, atMs: 90_000) }
        #expect(!isNew("old"))
    }

    @Test("two ids of one hash under the known seeds are two ids")
    func equalHashes() {
        var maker = EqualHashes(seed: 7)
        let ids = maker.next(500)
        var memory = EventIDMemory(windowMs: Self.windowMs, idsMax: 1000, key: HashKey((3, 4)))
        let name = Array("p".utf8)
        let producer = memory.producer(name.span, 0..<1, of: "")
        for id in ids {
            let bytes = Array(id.utf8)
            let isNew = memory.insert(bytes.span, 0..<bytes.count, of: producer)
            #expect(isNew)
        }
    }

    @Test("the room is bounded, and comes back with time")
    func room() {
        var memory = EventIDMemory(windowMs: Self.windowMs, idsMax: 100)
        let new = (0..<100).filter { memory.insert(id($0)) }
        #expect(new.count == 100)
        #expect(memory.room == 0)
        memory.commit(atMs: 1000)
        #expect(memory.room == 0)
        memory.expire(atMs: 1000 + Self.windowMs)
        #expect(memory.room == 0, "the promise holds for the whole window")
        memory.expire(atMs: 1001 + Self.windowMs + Self.windowMs / 8)
        #expect(memory.room == 100)
    }

    @Test("the clock that forgets does not follow a wall clock that jumps")
    func steadyClock() {
        let clock = SteadyClock(lastMs: 0, wallMs: 5_000_000, monotonicMs: 100)
        #expect(clock.nowMs(monotonicMs: 100) == 5_000_000)
        #expect(clock.nowMs(monotonicMs: 1100) == 5_001_000)
        // Restarted after the wall clock was set back by an hour: time goes on from the log's.
        let set = SteadyClock(lastMs: 5_001_000, wallMs: 1_401_000, monotonicMs: 2000)
        #expect(set.nowMs(monotonicMs: 3000) == 5_002_000)
    }

    // MARK: through the intake

    private static func event(_ user: String, _ id: String) -> Record {
        var record = IntakeTests.event(user)
        if case .event(var event)? = record.content {
            event.eventID = id
            record.content = .event(event)
        }
        return record
    }

    private static func take(
        _ records: [Record], _ intake: inout Intake
    ) throws -> BatchResult {
        let verdict = try IntakeTests.take(IntakeTests.batch(0, records), into: &intake)
        return try #require(IntakeTests.result(verdict))
    }

    @Test("a batch without a number: new ones taken, known ones duplicates, without id refused")
    func batches() throws {
        var intake = Intake(items: ItemDirectory())
        let records = [
            Self.event("a", "1"), Self.event("b", "2"), Self.event("a", "1"),
            Self.event("c", ""),
        ]
        let first = try Self.take(records, &intake)
        #expect(first.sequence == 0 && !first.already)
        #expect((first.accepted, first.duplicates, first.rejected) == (2, 1, 1))
        #expect(first.rejects.map(\.code) == [.eventIDMissing])
        let pending = try Self.take(records, &intake)
        #expect((pending.accepted, pending.duplicates, pending.rejected) == (0, 3, 1))
        let group = intake.takeGroup()
        #expect(group.eventIDs.map(\.ids.count) == [2])
        intake.eventIDs.commit(atMs: 5)
        let later = try Self.take(records, &intake)
        #expect((later.accepted, later.duplicates, later.rejected) == (0, 3, 1))
    }

    @Test("what a failed commit brought is new again; another producer's ids are its own")
    func failed() throws {
        var intake = Intake(items: ItemDirectory())
        _ = try Self.take([Self.event("a", "1")], &intake)
        intake.forget(intake.takeGroup())
        #expect(try Self.take([Self.event("a", "1")], &intake).accepted == 1)
        var batch = EventBatch()
        batch.producer = "another"
        batch.records = [Self.event("a", "1")]
        let verdict = try IntakeTests.take(batch.encoded(), into: &intake)
        #expect(IntakeTests.result(verdict)?.accepted == 1)
    }

    @Test("items and users need no id; a numbered batch is not compared by id")
    func others() throws {
        var intake = Intake(items: ItemDirectory())
        var item = Item()
        item.itemID = "i1"
        var user = User()
        user.userID = "u1"
        var userRecord = Record()
        userRecord.content = .user(user)
        let records = [Record(item), userRecord]
        #expect(try Self.take(records, &intake).accepted == 2)
        #expect(try Self.take(records, &intake).accepted == 2)
        _ = try Self.take([Self.event("a", "1")], &intake)
        let numbered = try IntakeTests.take(
            IntakeTests.batch(1, [Self.event("a", "1")]), into: &intake)
        #expect(IntakeTests.result(numbered)?.accepted == 1)
    }

    @Test("without room nothing of the batch is taken, and the producer is told to come later")
    func full() throws {
        var intake = Intake(
            items: ItemDirectory(), eventIDs: EventIDMemory(windowMs: 1000, idsMax: 3))
        let many = (0..<4).map { Self.event("a", "\($0)") }
        let verdict = try IntakeTests.take(IntakeTests.batch(0, many), into: &intake)
        guard case .later(let refused) = verdict else {
            Issue.record("\(verdict)")
            return
        }
        #expect(refused.code == .overloaded && refused.retryAfterMs > 0)
        #expect(intake.isEmpty)
    }
}
