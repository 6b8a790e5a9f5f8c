import Glibc
import Messages
import Runtime
import System
import TestSupport
import Testing
import ZeroMQ

extension ClusterTests {
    @Suite("Limits of the wire hold in a real cluster")
    struct WireLimitTests {
        private func record(_ number: Int) -> Record {
            var event = Event()
            event.eventID = "e\(number)"
            event.userID = "user-\(number % 100)"
            event.type = .view
            event.itemID = "item-\(number % 10)"
            event.timeMs = Clock.wallMs()
            var record = Record()
            record.content = .event(event)
            return record
        }

        @Test("As many batches unanswered as the page says lose no answer")
        func window() throws {
            try ClusterHarness.withCluster { cluster in
                let producer = try ProducerClient(
                    endpoint: cluster.endpoints.ingest, keys: cluster.keys(.client),
                    producer: "window", epoch: 1, window: Limits.batchCredit)
                producer.resendAfter = .seconds(30)
                for number in 0..<12_000 { try producer.send([record(number)]) }
                try producer.flush()
                #expect(producer.totals.accepted == 12_000)
                #expect(producer.totals.resends == 0)
                let ingest = try #require(
                    cluster.status()?.roles.first { $0.role == RoleKind.ingest.rawValue })
                let lost = ingest.counters.first { $0.name == "undeliverable" }?.value
                #expect(lost == 0)
            }
        }

        @Test("Recommendations too large for a question's frame arrive, too large ones are refused")
        func largeAnswers() throws {
            try ClusterHarness.withCluster { cluster in
                let producer = try cluster.producer("large")
                let title = String(repeating: "t", count: 8000)
                for first in stride(from: 0, to: 600, by: 100) {
                    try producer.send(
                        (first..<first + 100).map { number in
                            var item = Item()
                            item.itemID = "item-\(number)"
                            item.title = title
                            item.category = String(repeating: "c", count: 500)
                            item.timeMs = Clock.wallMs()
                            var record = Record()
                            record.content = .item(item)
                            return record
                        })
                }
                try producer.flush()
                let client = try cluster.client(cluster.endpoints.scoring(0), as: .client)
                func ask(_ count: UInt32) throws -> Recommendations {
                    var request = RecommendRequest()
                    request.count = count
                    return try client.ask(
                        .recommendRequest, request, as: Recommendations.self, timeout: .seconds(5))
                }
                let list = try wait(for: "four hundred items", within: .seconds(20)) {
                    let found = try ask(400)
                    return found.items.count == 400 ? found : nil
                }
                #expect(list.encoded().count > Limits.questionFrameBytes)
                let failure = try wait(for: "too much", within: .seconds(20)) {
                    do {
                        _ = try ask(500)
                        return RequestFailure?.none
                    } catch let failure as RequestFailure { return failure }
                }
                guard case .refused(.frameTooLarge, let text, _) = failure else {
                    Issue.record("\(failure)")
                    return
                }
                #expect(text.contains("ask for less"))
                #expect(try ask(10).items.count == 10, "the connection stands")
                let shown = try Programs.run(
                    "limn", ["recommend", "", "-n", "500", "--folder", cluster.folder.path])
                #expect(shown.status == .exited(65), "\(shown.output.prefix(300))")
                #expect(shown.output.contains("frame_too_large"))
            }
        }

        @Test("A refused key is told from a cluster that is not there")
        func refusedKey() throws {
            try ClusterHarness.withCluster { cluster in
                let folder = cluster.folder.path
                let keys = "\(folder)/keys/operator.key"
                let good = try Files.read(keys)
                let other = try ClusterHarness()
                let strange = try Files.read("\(other.folder.path)/keys/operator.key")
                try Files.writeAtomically(keys, strange, mode: 0o600)
                let refused = try Programs.run(
                    "limn", ["status", "--folder", folder], timeout: .seconds(60))
                #expect(refused.status == .exited(77), "\(refused.output)")
                #expect(refused.output.contains("refused this key"), "\(refused.output)")
                let sent = try Programs.run(
                    "limn",
                    ["send", "--folder", folder, "--user", "u", "--type", "view", "--item", "i"],
                    timeout: .seconds(60))
                #expect(sent.status == .exited(77), "\(sent.output)")
                try Files.writeAtomically(keys, good, mode: 0o600)
                let absent = try Programs.run(
                    "limn", ["status", "--folder", other.folder.path], timeout: .seconds(60))
                #expect(absent.status == .exited(69), "\(absent.output)")
                #expect(absent.output.contains("no supervisor runs"), "\(absent.output)")
            }
        }

        @Test(
            "Not ready while every batch is refused, and says why; slow askers silence nothing",
            .enabled(
                if: (try? Files.freeBytes("/tmp")).map { $0 < 1 << 40 } ?? false,
                "a disk with less than 1 TiB free is needed, to be short of it"))
        func readiness() throws {
            let port = WebProbe.freePort()
            let settings = """
                {
                  ingest: {listen: "", diskFreeMin: 1099511627776}, scoring: {listen: ""},
                  trainer: {onStart: false, every: "0"},
                  supervisor: {http: "127.0.0.1:\(port)"},
                }
                """
            try ClusterHarness.withCluster(configuration: settings) { cluster in
                let page = try wait(for: "a refusal", within: .seconds(20)) {
                    let found = WebProbe.get("/readyz", port: port)
                    return found?.status == 503 ? found : nil
                }
                #expect(page.body.contains("ingest-0 refuses everything: the disk"))
                #expect(WebProbe.get("/healthz", port: port)?.status == 200)
                let slow = (0..<64).map { _ in WebProbe.begin(port: port) }
                defer { for file in slow { close(file) } }
                #expect(slow.allSatisfy { $0 >= 0 })
                for path in ["/healthz", "/readyz", "/metrics"] {
                    let started = Clock.monotonic()
                    #expect(WebProbe.get(path, port: port) != nil, "\(path)")
                    #expect(Clock.monotonic() - started < .seconds(3), "\(path)")
                }
            }
        }
    }
}
