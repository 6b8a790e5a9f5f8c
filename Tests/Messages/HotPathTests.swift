import Messages
import Randomness
import Testing

@Suite("The parsers without a copy agree with the messages")
struct HotPathTests {
    /// Something before and after, so that offsets which ignore the range are found out.
    private func framed(_ bytes: [UInt8]) -> (bytes: [UInt8], range: Range<Int>) {
        ([0xff, 0xff, 0xff] + bytes + [0xff], 3..<3 + bytes.count)
    }

    private func event(_ fields: EventFields, in bytes: [UInt8]) -> Event {
        let span = bytes.span
        var event = Event()
        event.eventID = span.text(fields.eventID)
        event.userID = span.text(fields.userID)
        event.type = fields.type
        event.timeMs = fields.timeMs
        event.itemID = span.text(fields.itemID)
        event.category = span.text(fields.category)
        event.brand = span.text(fields.brand)
        event.price = fields.price
        event.quantity = fields.quantity
        event.value = fields.value
        event.sessionID = span.text(fields.sessionID)
        event.text = span.text(fields.text)
        event.recommendationID = span.text(fields.recommendationID)
        event.channel = span.text(fields.channel)
        event.device = span.text(fields.device)
        event.region = span.text(fields.region)
        event.currency = span.text(fields.currency)
        event.discount = fields.discount
        return event
    }

    private func compare(_ encoded: [UInt8]) {
        let (bytes, range) = framed(encoded)
        do throws(DecodeError) {
            let whole = try Event(decoding: encoded)
            do throws(DecodeError) {
                let fields = try EventFields(bytes.span, range)
                var copy = event(fields, in: bytes)
                #expect(Int(fields.properties) == whole.properties.count)
                copy.properties = whole.properties
                #expect(copy.encoded() == whole.encoded(), "\(encoded)")
            } catch {
                Issue.record("only the fields refuse: \(error) \(encoded)")
            }
        } catch {
            #expect(throws: error) { try EventFields(bytes.span, range) }
        }
    }

    @Test("Events, damaged or not, give the same fields or the same error")
    func events() throws {
        compare(Event.sample.encoded())
        compare(try Contract.golden("Event-extreme"))
        compare([])
    }

    @Test("Events with random damage", arguments: 1...20)
    func damaged(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let extreme = try Contract.golden("Event-extreme")
        for _ in 0..<200 {
            compare(random.mutate(Event.sample.encoded()))
            compare(random.mutate(extreme))
        }
    }

    @Test("Text of every length, with one bad byte at every place", arguments: 0...40)
    func text(length: Int) {
        for bad in -1..<length {
            for byte in [UInt8(0x80), 0xff, 0xc3] {
                var text = [UInt8](repeating: 0x61, count: length)
                if bad >= 0 { text[bad] = byte }
                var encoded: [UInt8] = []
                encoded.write(2, text)
                compare(encoded)
                #expect((try? Event(decoding: encoded)) == nil || bad < 0)
            }
        }
    }

    @Test("Records say their content and their stamp")
    func records() throws {
        var stamped = Record.sample
        for content in [
            Record.Content.event(.sample), .item(.sample), .user(.sample), .link(.sample),
        ] {
            stamped.content = content
            let (bytes, range) = framed(stamped.encoded())
            let fields = try RecordFields(bytes.span, range)
            let body = bytes.span.part(fields.body)
            switch content {
            case .event(let event):
                #expect(fields.content == .event)
                #expect(try Event(decoding: body) == event)
                #expect(bytes.span.text(fields.event.userID) == "user_id")
            case .item(let item):
                #expect(fields.content == .item)
                #expect(try Item(decoding: body) == item)
            case .user(let user):
                #expect(fields.content == .user)
                #expect(try User(decoding: body) == user)
            case .link(let link):
                #expect(fields.content == .link)
                #expect(try Link(decoding: body) == link)
            }
            #expect(fields.isStamped)
            #expect(fields.receivedMs == Stamp.sample.receivedMs)
            #expect(bytes.span.text(fields.stampCategory) == Stamp.sample.category)
            #expect(bytes.span.text(fields.stampBrand) == Stamp.sample.brand)
            #expect(fields.stampPrice == Stamp.sample.price)
        }
    }

    @Test("Content given twice is refused; none is seen")
    func content() throws {
        var record = Record()
        record.content = .event(.sample)
        let twice = record.encoded() + record.encoded()
        #expect(throws: DecodeError.contentRepeated) {
            try RecordFields(twice.span, 0..<twice.count)
        }
        let none = try RecordFields([UInt8]().span, 0..<0)
        #expect(none.content == .none)
        #expect(!none.isStamped)
    }

    @Test("Batches say where their records are, and use the storage again")
    func batches() throws {
        let (bytes, range) = framed(EventBatch.sample.encoded())
        var records: [Range<Int>] = [0..<1, 1..<2, 2..<3]
        let batch = try BatchFields(bytes.span, range, records: &records)
        #expect(bytes.span.text(batch.producer) == EventBatch.sample.producer)
        #expect(batch.epoch == EventBatch.sample.epoch)
        #expect(batch.sequence == EventBatch.sample.sequence)
        #expect(bytes.span.text(batch.source) == EventBatch.sample.source)
        let decoded = try records.map { try Record(decoding: bytes.span.extracting($0)) }
        #expect(decoded == EventBatch.sample.records)
    }

    @Test(
        "Records appended to a block read back with their stamp",
        arguments: [Stamp(), Stamp.sample, long], [RecordFields.Content.event, .item, .none])
    func blocks(stamp: Stamp, content: RecordFields.Content) throws {
        let encoded = content == .item ? Item.sample.encoded() : Event.sample.encoded()
        let (bytes, range) = framed(encoded)
        var expected = Record()
        switch content {
        case .event: expected.content = .event(.sample)
        case .item: expected.content = .item(.sample)
        case .user, .link, .none: break
        }
        expected.stamp = stamp
        var block: [UInt8] = []
        for _ in 0..<3 { block.appendRecord(content, bytes.span, range, stamp: stamp) }

        let span = block.span
        var reader = BlockReader(span)
        var count = 0
        while let record = try reader.next() {
            #expect(try Record(decoding: span.extracting(record)) == expected)
            #expect(span.array(record) == expected.encoded())
            count += 1
        }
        #expect(count == 3)
    }

    private static let long: Stamp = {
        var stamp = Stamp.sample
        stamp.receivedMs = -1
        stamp.category = String(repeating: "c", count: 500)
        return stamp
    }()
}
