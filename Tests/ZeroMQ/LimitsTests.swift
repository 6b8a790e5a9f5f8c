import Foundation
import Testing

@testable import ZeroMQ

@Suite("Limits of the wire say what the page says", .timeLimit(.minutes(5)))
struct LimitsTests {
    /// Limits of the page `Protocols/README.md`, by what is limited.
    private func page() throws -> [String: String] {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Protocols/README.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        let table = try #require(text.range(of: "## Limits"))
        var rows: [String: String] = [:]
        for line in text[table.upperBound...].split(separator: "\n") {
            let cells = line.split(separator: "|").map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            if cells.count == 2 { rows[cells[0]] = cells[1] }
        }
        return rows
    }

    private func bytes(_ text: String?) throws -> Int {
        let found = try #require(text?.firstMatch(of: /\(([0-9,]+) bytes\)/))
        return try #require(Int(found.1.filter { $0 != "," }))
    }

    @Test("Frames: each socket takes what the page allows, and the other end sends no more")
    func frames() throws {
        let page = try page()
        func taken(_ role: SocketRole) -> Int {
            role.options(security: .unprotected).frameBytesMax
        }
        let ingest = try bytes(page["frame to or from ingest"])
        #expect(taken(.eventServer) == ingest && taken(.eventClient) == ingest)
        let question = try bytes(page["question to scoring, trainer or supervisor"])
        #expect(taken(.scoringServer) == question && taken(.controlServer) == question)
        let answer = try bytes(page["answer of scoring, trainer or supervisor"])
        #expect(taken(.scoringClient) == answer && taken(.controlClient) == answer)
        let published = try bytes(page["published frame"])
        #expect(taken(.subscriber) == published && taken(.audienceSubscriber) == published)
        #expect(try bytes(page["frame between roles (states, outbox)"]) == taken(.workClient))
        let pairs: [(SocketRole, SocketRole)] = [
            (.eventServer, .eventClient), (.workServer, .workClient),
            (.publisher, .subscriber), (.audiencePublisher, .audienceSubscriber),
            (.scoringServer, .scoringClient), (.controlServer, .controlClient),
        ]
        for (one, other) in pairs {
            #expect(one.sentBytesMax == taken(other) && other.sentBytesMax == taken(one), "\(one)")
        }
    }

    @Test("What may be unanswered")
    func credit() throws {
        let page = try page()
        #expect(page["batches unanswered per producer"] == "\(Limits.batchCredit)")
        #expect(
            page["questions unanswered per connection to scoring"] == "\(Limits.scoringCredit)")
        #expect(
            page["questions unanswered per connection to the supervisor"]
                == "\(Limits.controlCredit)")
    }

    @Test("As many batches as may be unanswered are answered in one go, and no answer is lost")
    func answersOfAWindow() throws {
        let bench = try Bench()
        let context = try Context()
        let router = try Socket(.eventServer, in: context, security: .unprotected)
        try router.bind(bench.endpoint("a"))
        let dealer = try Socket(.eventClient, in: context, security: .unprotected)
        try dealer.connect(bench.endpoint("a"))
        var lost = 0
        for _ in 0..<200 {
            for _ in 0..<Limits.batchCredit { try send([1], by: dealer) }
            for _ in 0..<Limits.batchCredit {
                let delivery = try awaiting { try router.receiveDelivery() }
                do throws(ZeroMQError) {
                    try router.send(to: delivery.sender, [2])
                } catch { lost += 1 }
            }
            for _ in 0..<Limits.batchCredit where lost == 0 {
                _ = try awaiting { try dealer.receive() }
            }
        }
        #expect(lost == 0, "of \(200 * Limits.batchCredit)")
    }
}
