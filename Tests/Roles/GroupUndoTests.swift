import Cleaning
import Events
import Identity
import Messages
import Storage
import Testing

@testable import Ingest

/// What a refused group leaves behind: nothing.
@Suite("A group that could not be written is as if it had never come")
struct GroupUndoTests {
    static let nowMs: Int64 = 1_750_000_000_000

    static func item(_ id: String, _ category: String, price: Double = 1) -> Record {
        var item = Item()
        item.itemID = id
        item.category = category
        item.brand = "brand of \(category)"
        item.price = price
        var record = Record()
        record.content = .item(item)
        return record
    }

    static func link(_ one: String, _ other: String, undo: Bool = false) -> Record {
        var link = Link()
        link.userID = one
        link.otherID = other
        link.undo = undo
        link.timeMs = nowMs
        var record = Record()
        record.content = .link(link)
        return record
    }

    /// The stamps of the events of a group, in order of partitions.
    static func stamps(_ group: Group) throws -> [Stamp] {
        try group.blocks.filter { $0.partition != Partitions.catalogue }.flatMap { block in
            var reader = BlockReader(block.records.span)
            var stamps: [Stamp] = []
            while let range = try reader.next() {
                let record = try Record(decoding: block.records.span.extracting(range))
                stamps.append(record.stamp ?? Stamp())
            }
            return stamps
        }
    }

    @Test("an item of a refused group stamps nothing afterwards; a replaced one stamps as before")
    func stamps() throws {
        var intake = Intake(items: ItemDirectory())
        _ = try IntakeTests.take(
            IntakeTests.batch(1, [Self.item("i1", "tea", price: 7)]), into: &intake)
        _ = intake.takeGroup()
        intake.noteWritten()
        let refused = [
            Self.item("i1", "forged", price: 9), Self.item("i1", "forged twice"),
            IntakeTests.event("a"),
        ]
        _ = try IntakeTests.take(IntakeTests.batch(2, refused), into: &intake)
        let group = intake.takeGroup()
        #expect(try Self.stamps(group).map(\.category) == ["forged twice"], "within the group")
        intake.forget(group)
        let standing = Intake.Standing(epoch: 1, sequence: 1)
        _ = try IntakeTests.take(
            IntakeTests.batch(2, [IntakeTests.event("a")]), into: &intake, standing: standing)
        let stamp = try #require(try Self.stamps(intake.takeGroup()).first)
        #expect(stamp.category == "tea" && stamp.price == 7)
        #expect(intake.knownItems == 1)
    }

    @Test("links of a refused group do not count against the limit of a person's identifiers")
    func links() throws {
        var intake = Intake(
            items: ItemDirectory(), linkRules: LinkRules(identifiersMax: 3))
        let refused = [Self.link("a", "b"), Self.link("b", "c")]
        _ = try IntakeTests.take(IntakeTests.batch(1, refused), into: &intake)
        intake.forget(intake.takeGroup())
        #expect(intake.linkCount == 0)
        let others = [Self.link("a", "d"), Self.link("a", "e")]
        let result = try #require(
            IntakeTests.result(
                try IntakeTests.take(IntakeTests.batch(1, others), into: &intake)))
        #expect((result.accepted, result.rejected) == (2, 0))
        _ = intake.takeGroup()
        intake.noteWritten()
        // And what was undone in vain still holds.
        _ = try IntakeTests.take(
            IntakeTests.batch(2, [Self.link("a", "", undo: true)]), into: &intake)
        #expect(intake.linkCount == 0)
        intake.forget(intake.takeGroup())
        #expect(intake.linkCount == 2)
    }

    /// Batches by chance: items that change, links and their undoing, events numbered or not,
    /// repeated ones, bad ones, under a rule that takes events once.
    struct Traffic {
        var state: UInt64
        private var sequences: [String: UInt64] = [:]

        init(seed: UInt64) { state = seed }

        mutating func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }

        mutating func record() -> Record {
            switch random(10) {
            case 0: return GroupUndoTests.item("i\(random(6))", "c\(random(50))")
            case 1: return GroupUndoTests.link("u\(random(9))", "v\(random(9))")
            case 2:
                return GroupUndoTests.link(
                    "u\(random(9))", random(2) == 0 ? "" : "v\(random(9))", undo: true)
            case 3: return Record()
            default:
                var event = Event()
                event.eventID = "e\(random(400))"
                event.userID = "u\(random(9))"
                event.itemID = "i\(random(6))"
                event.type = .view
                event.timeMs = GroupUndoTests.nowMs - Int64(random(40))
                event.price = random(20) == 0 ? .nan : 1
                var record = Record()
                record.content = .event(event)
                return record
            }
        }

        /// A batch in turn of its producer, as far as `durable` knows.
        mutating func batch(_ durable: [String: Intake.Standing]) -> (String, [UInt8]) {
            var batch = EventBatch()
            batch.producer = "p\(random(3))"
            batch.source = random(2) == 0 ? "web" : "s\(random(60))"
            let isNumbered = random(3) > 0
            if isNumbered {
                batch.epoch = 1
                let standing = durable[batch.producer]?.sequence ?? 0
                batch.sequence = standing + 1 + (random(8) == 0 ? 1 : 0)
            }
            batch.records = (0..<1 + random(6)).map { _ in record() }
            return (batch.producer, batch.encoded())
        }
    }

    /// An intake and the log behind it, as far as an intake asks.
    struct World {
        var intake: Intake
        var standings: [String: Intake.Standing] = [:]
        var replies: [String: [UInt8]] = [:]

        init() throws {
            var once = CleaningRule("once")
            once.source = "web"
            once.once = ["user_id", "item_id", "time_ms"]
            let rules = LinkRules(identifiersMax: 4)
            intake = Intake(
                items: ItemDirectory(), linkRules: rules,
                cleaner: RecordCleaner(try CleaningPlan([once]), key: .open),
                names: ProducerNames(namesMax: 2))
        }

        mutating func take(_ batch: [UInt8], by sender: String) throws -> BatchResult? {
            let (standings, replies) = (standings, replies)
            return IntakeTests.result(
                try intake.take(
                    batch.span, body: 0..<batch.count, sender: sender,
                    nowMs: GroupUndoTests.nowMs,
                    held: Intake.Held(
                        lookUp: { standings[$0] },
                        storedResult: { name, _, sequence in replies["\(name) \(sequence)"] },
                        namesOf: { key in standings.values.count { $0.owner == key } })))
        }

        mutating func retry(_ id: Int64, _ record: Record) -> RejectOutcome {
            let reject = RejectRecord(
                producer: "p", epoch: 1, sequence: 1, index: 0, code: 1, message: "",
                record: record.encoded(), receivedMs: 0)
            return intake.retry(
                StoredReject(id: id, reject: reject), corrected: nil, by: "o",
                nowMs: GroupUndoTests.nowMs)
        }

        mutating func written(_ group: Group) {
            intake.noteWritten()
            intake.eventIDs.commit(atMs: GroupUndoTests.nowMs)
            for claim in group.claims {
                standings[claim.producer, default: .init(epoch: 0, sequence: 0)].owner = claim.owner
            }
            for batch in group.batches {
                standings[batch.producer] = .init(
                    epoch: batch.epoch, sequence: batch.sequence,
                    owner: standings[batch.producer]?.owner)
                replies["\(batch.producer) \(batch.sequence)"] = batch.reply
            }
        }
    }

    @Test(
        "after any number of refused groups the log gets the same bytes as if they had not come",
        arguments: 1...40 as ClosedRange<UInt64>)
    func property(seed: UInt64) throws {
        var traffic = Traffic(seed: seed)
        var subject = try World()
        var oracle = try World()
        var (written, refused) = (0, 0)
        for step in 0..<120 {
            var steps: [(inout World) throws -> BatchResult?] = []
            var results: [BatchResult?] = []
            for _ in 0..<1 + traffic.random(4) {
                if traffic.random(8) == 0 {
                    let (id, record) = (Int64(traffic.random(30)), traffic.record())
                    steps.append {
                        _ = $0.retry(id, record)
                        return nil
                    }
                } else {
                    let (_, batch) = traffic.batch(
                        subject.standings.merging(
                            Self.standings(subject.intake), uniquingKeysWith: { $1 }))
                    let sender = "key \(traffic.random(3))"
                    steps.append { try $0.take(batch, by: sender) }
                }
                results.append(try steps[steps.count - 1](&subject))
            }
            let group = subject.intake.takeGroup()
            guard traffic.random(3) > 0 else {
                subject.intake.forget(group)
                refused += 1
                continue
            }
            let same = try steps.map { try $0(&oracle) }
            let expected = oracle.intake.takeGroup()
            let place = Comment(rawValue: "seed \(seed) step \(step)")
            #expect(results == same, place)
            #expect(group.blocks == expected.blocks, place)
            #expect(group.batches == expected.batches, place)
            #expect(group.rejects == expected.rejects, place)
            #expect(group.eventIDs == expected.eventIDs, place)
            #expect(group.retried == expected.retried, place)
            #expect(group.claims == expected.claims, place)
            #expect(subject.intake.knownItems == oracle.intake.knownItems, place)
            #expect(subject.intake.linkCount == oracle.intake.linkCount, place)
            #expect(group.cleaning.counts == expected.cleaning.counts, place)
            subject.written(group)
            oracle.written(expected)
            written += 1
        }
        #expect(written > 40 && refused > 20)
    }

    /// Of the batches in the group under way.
    private static func standings(_ intake: Intake) -> [String: Intake.Standing] {
        Dictionary(
            intake.batches.map {
                ($0.producer, Intake.Standing(epoch: $0.epoch, sequence: $0.sequence))
            }, uniquingKeysWith: { $1 })
    }
}
