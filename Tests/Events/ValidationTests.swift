import Events
import Messages
import Testing

@Suite("What ingest lets in")
struct ValidationTests {
    static let nowMs: Int64 = 1_750_000_000_000

    static func good() -> Event {
        var event = Event()
        event.userID = "u"
        event.itemID = "i"
        event.type = .view
        event.timeMs = nowMs
        event.price = 9.5
        return event
    }

    struct Case: CustomTestStringConvertible, Sendable {
        var name: String
        var code: ErrorCode
        var spoil: @Sendable (inout Event) -> Void
        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "no user", code: .userMissing) { $0.userID = "" },
        Case(name: "no type", code: .typeUnknown) { $0.type = .unknown },
        Case(name: "type 99", code: .typeUnknown) { $0.type = EventType(rawValue: 99) },
        Case(name: "no item", code: .itemMissing) { $0.itemID = "" },
        Case(name: "time in seconds", code: .timeOutOfRange) { $0.timeMs = 1_750_000_000 },
        Case(name: "year 9999", code: .timeOutOfRange) { $0.timeMs = 253_370_764_800_000 },
        Case(name: "price NaN", code: .numberNotFinite) { $0.price = .nan },
        Case(name: "price infinite", code: .numberNotFinite) { $0.price = .infinity },
        Case(name: "value NaN", code: .numberNotFinite) { $0.value = .nan },
        Case(name: "price negative", code: .numberOutOfRange) { $0.price = -1 },
        Case(name: "discount NaN", code: .numberNotFinite) { $0.discount = .nan },
        Case(name: "discount negative", code: .numberOutOfRange) { $0.discount = -1 },
        Case(name: "value huge", code: .numberOutOfRange) { $0.value = 1e12 },
        Case(name: "quantity huge", code: .numberOutOfRange) { $0.quantity = 2_000_000 },
        Case(name: "long user", code: .textTooLong) { $0.userID = text(257) },
        Case(name: "long item", code: .textTooLong) { $0.itemID = text(257) },
        Case(name: "long category", code: .textTooLong) { $0.category = text(513) },
        Case(name: "long review", code: .textTooLong) { $0.text = text(8193) },
        Case(name: "long brand", code: .textTooLong) { $0.brand = text(257) },
        Case(name: "long currency", code: .textTooLong) { $0.currency = text(257) },
        Case(name: "many properties", code: .textTooLong) { event in
            event.properties = (0..<33).map { number in
                var property = Property()
                property.key = "k\(number)"
                return property
            }
        },
    ]

    static func text(_ bytes: Int) -> String { String(repeating: "x", count: bytes) }

    static func refusal(of event: Event) throws -> Refusal? {
        let bytes = event.encoded()
        let fields = try EventFields(bytes.span, 0..<bytes.count)
        return Validation(nowMs: nowMs).refusal(of: fields)
    }

    @Test("each fault has its code and a sentence", arguments: cases)
    func faults(_ fault: Case) throws {
        var event = Self.good()
        fault.spoil(&event)
        let refusal = try #require(try Self.refusal(of: event))
        #expect(refusal.code == fault.code)
        #expect(refusal.message.count > 10)
    }

    @Test("good events pass, at the limits too")
    func good() throws {
        #expect(try Self.refusal(of: Self.good()) == nil)
        var edge = Self.good()
        edge.userID = Self.text(256)
        edge.category = Self.text(512)
        edge.text = Self.text(8192)
        edge.timeMs = Self.nowMs + RecordLimits.timeAheadMsMax
        edge.price = RecordLimits.priceMax
        #expect(try Self.refusal(of: edge) == nil)
        var search = Self.good()
        search.type = .search
        search.itemID = ""
        #expect(try Self.refusal(of: search) == nil)
    }

    @Test("items and users are checked as well")
    func others() {
        let validation = Validation(nowMs: Self.nowMs)
        var item = Item()
        #expect(validation.refusal(of: item)?.code == .itemMissing)
        item.itemID = "i"
        #expect(validation.refusal(of: item) == nil)
        item.price = .nan
        #expect(validation.refusal(of: item)?.code == .numberNotFinite)
        var user = User()
        #expect(validation.refusal(of: user)?.code == .userMissing)
        user.userID = "u"
        #expect(validation.refusal(of: user) == nil)
        user.age = 200
        #expect(validation.refusal(of: user)?.code == .numberOutOfRange)
        user.age = 20
        user.region = Self.text(300)
        #expect(validation.refusal(of: user)?.code == .textTooLong)
    }

    @Test("the directory answers with the latest of an item and nothing for strangers")
    func directory() {
        var directory = ItemDirectory()
        var item = Item()
        item.itemID = "i1"
        item.category = "a"
        item.price = 2
        directory.put(item)
        item.category = "b"
        directory.put(item)
        let bytes = Array("xxi1i2".utf8)
        #expect(directory.count == 1)
        #expect(directory.entry(bytes.span, 2..<4)?.category == Array("b".utf8))
        #expect(directory.entry(bytes.span, 4..<6) == nil)
    }
}
