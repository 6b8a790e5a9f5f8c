import Messages
import System
import Testing
import ZeroMQ

@testable import Runtime

@Suite("A refused key is told from a server that is not there", .timeLimit(.minutes(5)))
struct HandshakeTests {
    private static let refused = MonitorEvent.handshakeFailed(.refused(status: 400))
    private static let broken = MonitorEvent.handshakeFailed(.transport(errno: 104))

    @Test func noNewsIsNoVerdict() {
        var watch = HandshakeWatch()
        #expect(watch.verdict(at: .seconds(1)) == nil && !watch.isFinal(at: .seconds(1)))
        watch.note(.connected, at: .seconds(1))
        watch.note(.disconnected, at: .seconds(1))
        #expect(watch == HandshakeWatch())
    }

    @Test func aRefusalCountsUntilItIsOldOrTheKeyIsLetIn() {
        var watch = HandshakeWatch()
        watch.note(Self.refused, at: .seconds(10))
        #expect(watch.verdict(at: .seconds(10)) == .keyRefused)
        #expect(watch.verdict(at: .seconds(13)) == .keyRefused)
        #expect(watch.verdict(at: .seconds(14)) == nil)
        watch.note(Self.refused, at: .seconds(20))
        watch.note(.handshakeSucceeded, at: .seconds(21))
        #expect(watch.verdict(at: .seconds(21)) == nil)
    }

    @Test func oneBrokenHandshakeMayBeAServerThatEnds() {
        var watch = HandshakeWatch()
        watch.note(Self.broken, at: .seconds(1))
        #expect(watch.verdict(at: .seconds(1)) == nil)
        watch.note(Self.broken, at: .seconds(2))
        #expect(watch.verdict(at: .seconds(2)) == .otherServer)
    }

    @Test func whoWasLetInOnceIsAtTheRightServer() {
        var watch = HandshakeWatch()
        watch.note(.handshakeSucceeded, at: .seconds(1))
        for at in 2..<9 { watch.note(Self.broken, at: .seconds(at)) }
        #expect(watch.verdict(at: .seconds(8)) == nil && !watch.isFinal(at: .seconds(8)))
        watch.note(Self.refused, at: .seconds(9))
        #expect(watch.verdict(at: .seconds(9)) == .keyRefused, "a key may be revoked")
    }

    @Test func aLineThatBreaksTheProtocolOnceUpIsMadeAnew() {
        let flipped = MonitorEvent.handshakeFailed(.protocol(code: 1))
        var watch = HandshakeWatch()
        let events = [flipped, .handshakeSucceeded, flipped, flipped]
        let anew = events.enumerated().map { watch.note($1, at: .seconds($0)) }
        #expect(anew == [false, false, true, false], "once for each time it was up")
    }

    @Test func aFewRefusalsOverSomeTimeAreFinal() {
        var watch = HandshakeWatch()
        for at in [0, 100, 200] { watch.note(Self.refused, at: .milliseconds(at)) }
        #expect(!watch.isFinal(at: .milliseconds(200)), "an authenticator may just be starting")
        watch.note(Self.refused, at: .milliseconds(2100))
        #expect(watch.isFinal(at: .milliseconds(2100)))
        #expect(!watch.isFinal(at: .milliseconds(9000)))
    }

    /// Runs a body with a scoring process that answers, its endpoint and the keys of a client.
    private func withServer(
        _ body: (RoleHost<FakeScoring>, String, Keys) async throws -> Void
    ) async throws {
        let parent = try Files.makeTemporaryFolder(prefix: "limn-test")
        defer { try? Files.removeTree(parent) }
        let folder = try DataFolder.initialise("\(parent)/shop")
        try folder.prepareRunFolder()
        let host = try await RoleHost<FakeScoring>.start(FakeScoring.self, folder: folder)
        let endpoints = Endpoints(folder: folder, configuration: Configuration())
        try await body(host, endpoints.scoring(0), try Keys.load(folder, as: .client))
        await host.stop()
    }

    private func failure(_ endpoints: [String], _ keys: Keys) throws -> RequestFailure? {
        let client = try RequestClient(endpoints: endpoints, keys: keys)
        do throws(RequestFailure) {
            _ = try client.ask(
                .profileRequest, ProfileRequest(), as: Profile.self, timeout: .seconds(20))
            return nil
        } catch { return error }
    }

    @Test func clientsSayWhy() async throws {
        try await withServer { _, endpoint, keys in
            #expect(try failure([endpoint], keys) == nil)
            let stranger = Keys(
                own: try KeyPair.generate(), server: nil, serverPublicKey: keys.serverPublicKey)
            let misled = Keys(
                own: keys.own, server: nil, serverPublicKey: try KeyPair.generate().publicKey)
            for wrong in [stranger, misled] {
                for endpoints in [[endpoint], [endpoint, endpoint]] {
                    let started = Clock.monotonic()
                    let found = try failure(endpoints, wrong)
                    guard case .keyRefused = found else {
                        Issue.record("\(endpoints.count) endpoints: \(String(describing: found))")
                        continue
                    }
                    #expect(Clock.monotonic() - started < .seconds(15), "before the deadline")
                }
            }
            let producer = try ProducerClient(
                endpoint: endpoint, keys: stranger, producer: "p", epoch: 1)
            var record = Record()
            record.content = .event(Event())
            try producer.send([record])
            let found = #expect(throws: RequestFailure.self) {
                try producer.flush(timeout: .seconds(20))
            }
            guard case .keyRefused = found else {
                Issue.record("\(String(describing: found))")
                return
            }
        }
    }

    @Test func aQuestionAboveTheLimitIsRefusedBeforeItIsSent() async throws {
        try await withServer { _, endpoint, keys in
            let client = try RequestClient(endpoint: endpoint, keys: keys)
            var large = ProfileRequest()
            large.userID = String(repeating: "u", count: Limits.questionFrameBytes)
            let found = #expect(throws: RequestFailure.self) {
                _ = try client.ask(.profileRequest, large, as: Profile.self)
            }
            guard case .refused(.frameTooLarge, _, _) = found else {
                Issue.record("\(String(describing: found))")
                return
            }
            let good = try client.ask(.profileRequest, ProfileRequest(), as: Profile.self)
            #expect(good.userID == "from 0", "the connection stands")
        }
    }

    @Test func whoIsRefusedForNowComesAgain() async throws {
        try await withServer { host, endpoint, keys in
            let client = try RequestClient(endpoint: endpoint, keys: keys)
            await host.role.become(.busy(times: 3))
            let good = try client.ask(.profileRequest, ProfileRequest(), as: Profile.self)
            #expect(good.userID == "from 0")
            #expect(await host.role.questions == 4)
            await host.role.become(.busy(times: 1_000_000))
            #expect(
                throws: RequestFailure.refused(
                    .overloaded, "busy", retryAfterMs: FakeScoring.busyRetryMs)
            ) {
                _ = try client.ask(
                    .profileRequest, ProfileRequest(), as: Profile.self,
                    timeout: .milliseconds(100))
            }
            #expect(await host.role.questions < 20, "with the pauses that it was told")
        }
    }
}
