import Messages
import Runtime
import System
import TestSupport
import Testing
import ZeroMQ

extension ClusterTests {
    @Suite("Bad input is refused with a clear code, and nothing around it is lost")
    struct BadInputTests {
        /// A record that must be refused, and with which code.
        struct BadRecord: CustomStringConvertible {
            let description: String
            let code: ErrorCode
            let bytes: [UInt8]

            init(_ description: String, _ code: ErrorCode, _ change: (inout Event) -> Void) {
                self.description = description
                self.code = code
                var event = good("bad")
                change(&event)
                bytes = record(event)
            }

            init(_ description: String, _ code: ErrorCode, bytes: [UInt8]) {
                self.description = description
                self.code = code
                self.bytes = bytes
            }
        }

        static func good(_ user: String) -> Event {
            var event = Event()
            event.userID = user
            event.type = .view
            event.itemID = "item-1"
            event.timeMs = FixtureTime.nowMs
            return event
        }

        static func record(_ event: Event) -> [UInt8] {
            var record = Record()
            record.content = .event(event)
            return record.encoded()
        }

        /// A record's event with bytes of our own making as user id.
        static func rawUser(_ id: [UInt8]) -> [UInt8] {
            let event = [0x12, UInt8(id.count)] + id + [0x18, 1]
            return [0x0a, UInt8(event.count)] + event
        }

        static let badRecords = [
            BadRecord("no user", .userMissing) { $0.userID = "" },
            BadRecord("no item", .itemMissing) { $0.itemID = "" },
            BadRecord("unknown type", .typeUnknown) { $0.type = EventType(rawValue: 99) },
            BadRecord("price NaN", .numberNotFinite) { $0.price = .nan },
            BadRecord("infinite price", .numberNotFinite) { $0.price = .infinity },
            BadRecord("negative price", .numberOutOfRange) { $0.price = -1 },
            BadRecord("year 9999", .timeOutOfRange) { $0.timeMs = 253_370_764_800_000 },
            BadRecord("year 1970", .timeOutOfRange) { $0.timeMs = 0 },
            BadRecord("a text of 1 MB", .textTooLong) {
                $0.text = String(repeating: "x", count: 1 << 20)
            },
            BadRecord("a user id of 1 kB", .textTooLong) {
                $0.userID = String(repeating: "u", count: 1024)
            },
            BadRecord("an empty record", .recordEmpty, bytes: []),
            BadRecord("invalid UTF-8", .textNotUtf8, bytes: rawUser([0xff, 0xfe])),
            BadRecord("bytes that are no record", .recordMalformed, bytes: [0x0a, 0x7f, 1]),
        ]

        /// Encoded records as field 5 of a batch.
        static func batch(_ records: [[UInt8]]) -> [UInt8] {
            var out: [UInt8] = []
            for record in records {
                out.append(0x2a)
                out.appendVarint(UInt64(record.count))
                out += record
            }
            return out
        }

        @Test("Every bad record is refused by its code; its neighbours are taken")
        func badRecords() throws {
            try ClusterHarness.withCluster { cluster in
                let producer = try cluster.producer("careless")
                var results: [BatchResult] = []
                producer.onResult = { results.append($0) }
                for (number, bad) in Self.badRecords.enumerated() {
                    let neighbours = [1, 2].map { _ in Self.record(Self.good("good-\(number)")) }
                    try producer.send(
                        encoded: Self.batch([neighbours[0], bad.bytes, neighbours[1]]), count: 3)
                    try producer.flush(timeout: .seconds(10))
                    let result = try #require(results.last)
                    #expect(result.accepted == 2 && result.rejected == 1, "\(bad)")
                    #expect(result.rejects.first?.code == bad.code, "\(bad): \(result.rejects)")
                    #expect(result.rejects.first?.index == 1, "\(bad)")
                    #expect(result.rejects.first?.message.isEmpty == false, "\(bad)")
                }
                try cluster.waitApplied(2 * Self.badRecords.count)
                let scoring = try cluster.client(cluster.endpoints.scoring(0), as: .client)
                for number in Self.badRecords.indices {
                    let profile = try cluster.profile("good-\(number)", by: scoring)
                    let views = profile.statistics.first { $0.name == "views_life" }?.value
                    #expect(views == 2, "neighbours of \(Self.badRecords[number])")
                }
            }
        }

        @Test("Bad frames and batches are answered with a code by every server")
        func badFrames() throws {
            try ClusterHarness.withCluster { cluster in
                let ends = cluster.endpoints
                let servers: [(String, SocketRoleName)] = [
                    (ends.ingest, .event), (ends.scoring(0), .scoring), (ends.trainer, .work),
                    (ends.features(0), .work), (ends.control, .control),
                ]
                for (endpoint, role) in servers {
                    let line = try RawLine(cluster, endpoint, role, as: .operator)
                    #expect(try line.code([0xff, 0xff, 0xff]) == .malformedFrame, "\(endpoint)")
                    #expect(try line.code([]) == .malformedFrame, "\(endpoint)")
                    var header = Header(kind: .profileRequest, requestID: 7)
                    header.version = 9
                    let wrongVersion = Frame.encode(header, body: [])
                    #expect(try line.code(wrongVersion) == .unsupportedVersion, "\(endpoint)")
                    header = Header(kind: Kind(rawValue: 999), requestID: 8)
                    #expect(
                        try line.code(Frame.encode(header, body: [])) == .unknownKind,
                        "\(endpoint)")
                }
                try badBatches(cluster)
            }
        }

        private func badBatches(_ cluster: ClusterHarness) throws {
            let line = try RawLine(cluster, cluster.endpoints.ingest, .event, as: .client)
            let header = Header(kind: .eventBatch, requestID: 1)
            #expect(try line.code(Frame.encode(header, body: [0x0a, 0x7f])) == .malformedBody)
            var batch = EventBatch()
            #expect(try line.code(Frame.encode(header, body: batch)) == .producerMissing)
            batch.producer = "gap"
            batch.epoch = 1
            batch.sequence = 5
            #expect(try line.code(Frame.encode(header, body: batch)) == .sequenceGap)
            // An empty batch is a success with nothing in it: its number is used up.
            batch.sequence = 1
            #expect(try line.code(Frame.encode(header, body: batch)) == nil)
            batch.epoch = 0
            #expect(try line.code(Frame.encode(header, body: batch)) == .staleEpoch)
        }

        @Test("A client's key may not train, stop or read the log; a stranger's key is not let in")
        func authority() throws {
            try ClusterHarness.withCluster { cluster in
                let ends = cluster.endpoints
                let questions: [(String, SocketRoleName, Kind)] = [
                    (ends.ingest, .event, .fetch), (ends.trainer, .work, .trainRequest),
                    (ends.control, .control, .stop), (ends.control, .control, .statusRequest),
                    (ends.features(0), .work, .stateRequest),
                ]
                for (endpoint, role, kind) in questions {
                    let line = try RawLine(cluster, endpoint, role, as: .client)
                    let frame = Frame.encode(Header(kind: kind, requestID: 1), body: [])
                    #expect(try line.code(frame) == .notAuthorised, "\(kind.name)")
                }
                let known = try cluster.keys(.client)
                let stranger = Keys(
                    own: try KeyPair.generate(), server: nil,
                    serverPublicKey: known.serverPublicKey)
                let client = try RequestClient(endpoint: ends.scoring(0), keys: stranger)
                // A refusal would be an answer, so the stranger must not get even that.
                let failure = #expect(throws: RequestFailure.self) {
                    var request = ProfileRequest()
                    request.userID = "somebody"
                    _ = try client.ask(
                        .profileRequest, request, as: Profile.self, timeout: .seconds(1))
                }
                guard case .keyRefused = failure else {
                    Issue.record("\(String(describing: failure))")
                    return
                }
                #expect(cluster.status()?.state == "ready")
            }
        }

        @Test("A frame above the limit ends its own connection and no other")
        func oversizedFrame() throws {
            try ClusterHarness.withCluster { cluster in
                let producer = try cluster.producer("bystander")
                try producer.send(encoded: Self.batch([Self.record(Self.good("calm"))]), count: 1)
                // A producer that nobody drives takes an answer it has not read for a late one.
                try producer.flush(timeout: .seconds(10))
                let line = try RawLine(cluster, cluster.endpoints.ingest, .event, as: .client)
                try line.send([UInt8](repeating: 0x41, count: 10 << 20))
                #expect(try line.answer(within: .seconds(1)) == nil)
                for _ in 0..<3 {
                    try producer.send(
                        encoded: Self.batch([Self.record(Self.good("calm"))]), count: 1)
                }
                try producer.flush(timeout: .seconds(10))
                #expect(producer.totals.accepted == 4 && producer.totals.resends == 0)
                let ingest = try #require(cluster.status()?.roles.first { $0.role == "ingest" })
                #expect(ingest.restarts == 0)
            }
        }
    }
}
