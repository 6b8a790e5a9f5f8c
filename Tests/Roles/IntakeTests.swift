import Events
import Messages
import Storage
import Testing

@testable import Ingest

@Suite("Taking batches apart")
struct IntakeTests {
    static let nowMs: Int64 = 1_750_000_000_000

    static func event(_ user: String, price: Double = 1) -> Record {
        var event = Event()
        event.userID = user
        event.itemID = "i1"
        event.type = .view
        event.timeMs = nowMs
        event.price = price
        var record = Record()
        record.content = .event(event)
        return record
    }

    static func batch(
        _ sequence: UInt64, epoch: UInt64 = 1, _ records: [Record]
    ) -> [UInt8] {
        var batch = EventBatch()
        batch.producer = "p"
        batch.epoch = epoch
        batch.sequence = sequence
        batch.records = records
        return batch.encoded()
    }

    static func take(
        _ bytes: [UInt8], into intake: inout Intake, standing: Intake.Standing? = nil,
        stored: [UInt8]? = nil, sender: String = "key"
    ) throws -> Intake.Verdict {
        try intake.take(
            bytes.span, body: 0..<bytes.count, sender: sender, nowMs: nowMs,
            held: Intake.Held(
                lookUp: { _ in standing }, storedResult: { _, _, _ in stored }))
    }

    static func result(_ verdict: Intake.Verdict) -> BatchResult? {
        switch verdict {
        case .taken(let result), .already(let result): result
        case .refused, .later: nil
        }
    }

    static func code(_ verdict: Intake.Verdict) -> ErrorCode? {
        if case .refused(let refusal) = verdict { refusal.code } else { nil }
    }

    @Test("a bad record is put aside with its reason, its neighbours are taken")
    func neighbours() throws {
        var intake = Intake(items: ItemDirectory())
        let records = [Self.event("a"), Self.event("b", price: .nan), Self.event("c"), Record()]
        let verdict = try Self.take(Self.batch(1, records), into: &intake)
        let result = try #require(Self.result(verdict))
        #expect(result.accepted == 2)
        #expect(result.rejected == 2)
        #expect(result.rejects.map(\.index) == [1, 3])
        #expect(result.rejects.map(\.code) == [.numberNotFinite, .recordEmpty])
        let group = intake.takeGroup()
        #expect(group.records == 2)
        #expect(group.rejects.count == 2)
        #expect(group.blocks.reduce(0) { $0 + $1.count } == 2)
        #expect(intake.isEmpty)
    }

    @Test("numbers: a repeat is answered with the first result, a gap and an old epoch are refused")
    func numbers() throws {
        var intake = Intake(items: ItemDirectory())
        let first = Self.batch(1, [Self.event("a"), Record()])
        let taken = try #require(Self.result(try Self.take(first, into: &intake)))
        let again = try #require(Self.result(try Self.take(first, into: &intake)))
        #expect(again.already)
        #expect(again.accepted == taken.accepted)
        #expect(again.rejected == taken.rejected)
        #expect(intake.records == 1)
        let gap = try Self.take(Self.batch(3, [Self.event("a")]), into: &intake)
        #expect(Self.code(gap) == .sequenceGap)
        let newEpoch = try Self.take(Self.batch(1, epoch: 2, [Self.event("a")]), into: &intake)
        #expect(Self.result(newEpoch)?.already == false)
        let stale = try Self.take(Self.batch(2, [Self.event("a")]), into: &intake)
        #expect(Self.code(stale) == .staleEpoch)
    }

    @Test("what the log knows holds after a restart; beyond its memory a repeat is a duplicate")
    func afterRestart() throws {
        let standing = Intake.Standing(epoch: 1, sequence: 5)
        var stored = BatchResult()
        stored.sequence = 4
        stored.accepted = 1
        var intake = Intake(items: ItemDirectory())
        let known = try Self.take(
            Self.batch(4, [Self.event("a")]), into: &intake, standing: standing,
            stored: stored.encoded())
        #expect(Self.result(known)?.accepted == 1)
        let forgotten = try Self.take(
            Self.batch(2, [Self.event("a"), Self.event("b")]), into: &intake, standing: standing)
        #expect(Self.result(forgotten)?.duplicates == 2)
        let next = try Self.take(
            Self.batch(6, [Self.event("a")]), into: &intake, standing: standing)
        #expect(Self.result(next)?.accepted == 1)
        #expect(intake.records == 1)
    }

    @Test("a group that could not be written is as if it had never come")
    func failedGroup() throws {
        var intake = Intake(items: ItemDirectory())
        let first = Self.batch(1, [Self.event("a")])
        _ = try Self.take(first, into: &intake)
        intake.forget(intake.takeGroup())
        let again = try Self.take(first, into: &intake)
        #expect(Self.result(again)?.already == false)
        #expect(intake.records == 1)
    }

    @Test("an event is stamped with its item as known then; a stamp from outside is dropped")
    func stamps() throws {
        var intake = Intake(items: ItemDirectory())
        var item = Item()
        item.itemID = "i1"
        item.category = "tea/green"
        item.brand = "Leaf"
        item.price = 7
        var itemRecord = Record()
        itemRecord.content = .item(item)
        var forged = Self.event("a")
        var stamp = Stamp()
        stamp.category = "forged"
        forged.stamp = stamp
        _ = try Self.take(Self.batch(1, [itemRecord, forged]), into: &intake)
        let group = intake.takeGroup()
        let home = Partitions.partition(ofUser: "a")
        let block = try #require(group.blocks.first { $0.partition == home })
        var reader = BlockReader(block.records.span)
        let range = try #require(try reader.next())
        let record = try Record(decoding: block.records.span.extracting(range))
        #expect(record.stamp?.category == "tea/green")
        #expect(record.stamp?.brand == "Leaf")
        #expect(record.stamp?.price == 7)
        #expect(record.stamp?.receivedMs == Self.nowMs)
        #expect(group.blocks.contains { $0.partition == Partitions.catalogue })
    }

    @Test("no block outgrows a frame, whatever one user sends")
    func largeBlocks() throws {
        var intake = Intake(items: ItemDirectory())
        let text = String(repeating: "x", count: 8000)
        let records = (0..<400).map { _ -> Record in
            var record = Self.event("one")
            if case .event(var event)? = record.content {
                event.text = text
                record.content = .event(event)
            }
            return record
        }
        _ = try Self.take(Self.batch(1, records), into: &intake)
        let group = intake.takeGroup()
        #expect(group.blocks.reduce(0) { $0 + $1.count } == 400)
        #expect(group.blocks.count > 5)
        #expect(group.blocks.allSatisfy { $0.records.count < Intake.blockBytesMax + 9000 })
        #expect(intake.takeGroup().blocks.isEmpty)
    }

    @Test("the tail answers as a list of everything would", arguments: [1, 2, 3] as [UInt64])
    func tail(seed: UInt64) {
        var state = seed
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        var tail = TailCache(partitions: 3, bytesMax: 2000)
        var all: [[TailCache.CachedBlock]] = [[], [], []]
        for _ in 0..<800 {
            let partition = random(3)
            let block = TailCache.CachedBlock(
                partition: partition, firstOffset: all[partition].last?.end ?? 0,
                count: 1 + random(5), records: [UInt8](repeating: 7, count: 1 + random(90)))
            tail.append(block)
            all[partition].append(block)
            let asked = random(3)
            let end = all[asked].last?.end ?? 0
            let offset = UInt64(random(Int(end) + 1))
            guard offset < end, tail.covers(asked, from: offset) else { continue }
            let got = tail.read(asked, from: offset, bytesMax: 300)
            let expected = all[asked].filter { $0.end > offset }.prefix(got.count)
            #expect(!got.isEmpty, "seed \(seed)")
            #expect(got.map(\.firstOffset) == expected.map(\.firstOffset), "seed \(seed)")
            #expect(got.map(\.records) == expected.map(\.records), "seed \(seed)")
        }
    }
}
