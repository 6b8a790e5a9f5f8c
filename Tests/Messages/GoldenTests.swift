import Foundation
import Messages
import Testing

@Suite("Every message is encoded as its golden vector says")
struct GoldenTests {
    private static let writes = ProcessInfo.processInfo.environment["LIMN_WRITE_GOLDEN"] != nil

    @Test(
        "Golden vectors are written when asked for",
        .enabled(if: writes, "LIMN_WRITE_GOLDEN is unset"))
    func write() throws {
        for sample in Sample.all { try Contract.write(golden: sample.name, sample.bytes) }
        for sample in Extreme.all { try Contract.write(golden: sample.name, sample.bytes) }
        try Contract.write(golden: "Frame", Extreme.frame)
    }

    @Test("The samples encode to the golden bytes, and decode from them", arguments: Sample.all)
    func golden(_ sample: Sample) throws {
        let golden = try Contract.golden(sample.name)
        #expect(sample.bytes == golden)
        #expect(try sample.isSample(golden))
        #expect(try sample.recode(golden) == golden)
    }

    @Test("Extreme values encode to the golden bytes, and survive", arguments: Extreme.all)
    func extreme(_ extreme: Extreme) throws {
        let golden = try Contract.golden(extreme.name)
        #expect(extreme.bytes == golden)
        #expect(try extreme.recode(golden) == golden)
    }

    @Test("The golden frame is header and body, each with its length")
    func frame() throws {
        let golden = try Contract.golden("Frame")
        #expect(Extreme.frame == golden)
        let (header, body) = try Frame.decode(golden.span)
        #expect(header.kind == .profileRequest)
        #expect(header.requestID == 0x0102_0304_0506_0708)
        #expect(try ProfileRequest(decoding: golden.span.extracting(body)).userID == "u1")
    }

    @Test("Every message of the schema has a sample")
    func complete() throws {
        var names: [String] = []
        let files = [
            "control", "events", "frame", "log", "models", "profiles", "recommendations", "rejects",
        ]
        for file in files {
            for line in try Contract.text("limn/v1/\(file).proto").split(separator: "\n")
            where line.hasPrefix("message ") {
                names.append(String(line.split(separator: " ")[1]))
            }
        }
        #expect(names.sorted() == Sample.all.map(\.name).sorted())
    }

    @Test("A message without a field set is empty", arguments: Sample.all)
    func empty(_ sample: Sample) throws {
        #expect(try sample.recode([]) == [])
    }
}

/// Values at the edges of their types.
struct Extreme: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    let recode: @Sendable ([UInt8]) throws -> [UInt8]

    init<M: WireMessage>(_ name: String, _ message: M) {
        self.name = name
        bytes = message.encoded()
        recode = { try M(decoding: $0).encoded() }
    }

    var testDescription: String { name }

    static let all = [
        Extreme("Event-extreme", event), Extreme("Interaction-extreme", interaction),
        Extreme("ProfilesChanged-extreme", changed), Extreme("Record-unstamped", record),
    ]

    static let frame: [UInt8] = {
        var body = ProfileRequest()
        body.userID = "u1"
        let trace: [UInt8] = Array(16..<32)
        let header = Header(
            kind: .profileRequest, requestID: 0x0102_0304_0506_0708, timeoutMs: 250, traceID: trace)
        return Frame.encode(header, body: body)
    }()

    private static var event: Event {
        var event = Event()
        event.userID = "用户 \u{1F642} \u{0}"
        event.type = EventType(rawValue: -1)
        event.timeMs = .min
        event.price = -0.0
        event.quantity = .max
        event.value = -.infinity
        event.text = String(repeating: "long ", count: 100)
        event.properties = [Property()]
        return event
    }

    private static var interaction: Interaction {
        var interaction = Interaction()
        interaction.type = .min
        interaction.timeMs = .max
        interaction.value = .leastNonzeroMagnitude
        interaction.userNumber = .max
        interaction.itemNumber = .max
        interaction.laterMs = .max
        return interaction
    }

    private static var changed: ProfilesChanged {
        var changed = ProfilesChanged()
        changed.incarnation = .max
        changed.sequence = .max
        changed.partitions = [0, 127, 128, .max]
        changed.userHashes = [0, 1, .max]
        return changed
    }

    private static var record: Record {
        var record = Record()
        record.content = .event(Event())
        record.stamp = Stamp()
        return record
    }
}
