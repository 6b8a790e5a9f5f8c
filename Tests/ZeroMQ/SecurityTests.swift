import Glibc
import Testing

@testable import ZeroMQ

@Suite("Nobody unknown gets in", .timeLimit(.minutes(5)))
struct SecurityTests {
    let bench: Bench
    let context: Context
    let server: KeyPair
    let client: KeyPair

    init() throws {
        bench = try Bench()
        context = try Context()
        server = try KeyPair.generate()
        client = try KeyPair.generate()
    }

    private func openServer() throws -> Socket {
        try Socket(.eventServer, in: context, security: .server(server, domain: "event"))
    }

    private func openClient(_ pair: KeyPair, server key: PublicKey? = nil) throws -> Socket {
        let security = Security.client(server: key ?? server.publicKey, own: pair)
        let socket = try Socket(.eventClient, in: context, security: security)
        try socket.connect(bench.endpoint("a"))
        return socket
    }

    @Test(
        "Canary: without an authenticator CURVE lets anyone in, but then no message has a user id")
    func failsOpen() throws {
        let router = try openServer()
        try router.bind(bench.endpoint("a"))
        let stranger = try openClient(try KeyPair.generate())
        try send([1], by: stranger)
        let delivery = try awaiting { try router.receiveDelivery() }
        #expect(delivery.payload.userID == nil)
    }

    @Test("A known key's messages carry its name")
    func userID() throws {
        let zap = try Authenticator(in: context, users: [client.publicKey: "shop-7"])
        let router = try openServer()
        try router.bind(bench.endpoint("a"))
        let dealer = try openClient(client)
        try send([1], by: dealer)
        let delivery = try awaiting { try router.receiveDelivery() }
        #expect(delivery.payload.userID == "shop-7")
        #expect(zap.counts == Authenticator.Counts(accepted: 1, refused: 0))
    }

    @Test("An unknown key is refused; both ends' monitors and the count say so")
    func unknownKey() throws {
        let zap = try Authenticator(in: context, users: [client.publicKey: "shop-7"])
        let router = try openServer()
        let monitor = try Monitor(of: router)
        try router.bind(bench.endpoint("a"))
        let stranger = try openClient(try KeyPair.generate())
        #expect(throws: Never.self) { try? stranger.send([1]) }
        let seen = try eventually {
            if case .handshakeFailed(.refused(400)) = try monitor.next() { return true }
            return false
        }
        #expect(seen)
        #expect(zap.counts.refused >= 1)
        #expect(zap.counts.accepted == 0)
        #expect(try router.receiveDelivery() == nil)
    }

    @Test("A reserved domain lets only its own keys in, of those that are known")
    func reserved() throws {
        let other = try KeyPair.generate()
        let domain = SocketRole.eventServer.domain
        let zap = try Authenticator(
            in: context, users: [client.publicKey: "shop-7", other.publicKey: "shop-8"],
            reserved: [domain: [client.publicKey]])
        let router = try openServer()
        try router.bind(bench.endpoint("a"))
        let refused = try openClient(other)
        #expect(eventually { zap.counts.refused > 0 })
        try refused.disconnect(bench.endpoint("a"))
        let dealer = try openClient(client)
        try send([1], by: dealer)
        #expect(try awaiting { try router.receiveDelivery() }.payload.userID == "shop-7")
    }

    @Test("A wrong server key and a client without CURVE fail the handshake")
    func wrongMechanism() throws {
        let zap = try Authenticator(in: context, users: [client.publicKey: "shop-7"])
        let router = try openServer()
        let monitor = try Monitor(of: router)
        try router.bind(bench.endpoint("a"))
        let wrong = try openClient(client, server: client.publicKey)
        #expect(try eventually { try monitor.next()?.isHandshakeFailure == true })
        try wrong.disconnect(bench.endpoint("a"))
        let plain = try Socket(.eventClient, in: context, security: .unprotected)
        try plain.connect(bench.endpoint("a"))
        #expect(try eventually { try monitor.next()?.isHandshakeFailure == true })
        #expect(zap.counts.accepted == 0)
        #expect(try router.receiveDelivery() == nil)
    }

    @Test("The table can be replaced while the cluster runs")
    func replaced() throws {
        let zap = try Authenticator(in: context, users: [:])
        let router = try openServer()
        try router.bind(bench.endpoint("a"))
        let dealer = try openClient(client)
        #expect(eventually { zap.counts.refused > 0 })
        zap.replaceUsers([client.publicKey: "late"])
        // A refusal ends that socket's attempts, so the peer comes again as it would after exit.
        try dealer.disconnect(bench.endpoint("a"))
        let again = try openClient(client)
        try send([1], by: again)
        #expect(try awaiting { try router.receiveDelivery() }.payload.userID == "late")
    }

    @Test("A stopped authenticator refuses everyone, it does not let them in")
    func stoppedAuthenticator() throws {
        let zap = try Authenticator(in: context, users: [client.publicKey: "shop-7"])
        let router = try openServer()
        let monitor = try Monitor(of: router)
        try router.bind(bench.endpoint("a"))
        zap.stop()
        #expect(eventually { zap.hasEnded })
        let dealer = try openClient(client)
        #expect(try eventually { try monitor.next() == .disconnected })
        #expect(throws: ZeroMQError.self) { try dealer.send([1]) }
        #expect(try router.receiveDelivery() == nil)
    }

    @Test("An authenticator that nobody holds ends and lets its context end")
    func released() throws {
        var own: Context? = try Context()
        weak let watched = own
        var zap: Authenticator? = try Authenticator(in: #require(own), users: [:])
        #expect(zap?.counts.accepted == 0)
        own = nil
        #expect(watched != nil)
        zap = nil
        #expect(eventually { watched == nil })
    }

    @Test("A context has one authenticator")
    func onlyOne() throws {
        let first = try Authenticator(in: context, users: [:])
        let error = #expect(throws: ZeroMQError.self) {
            _ = try Authenticator(in: context, users: [:])
        }
        #expect(error?.errno == EADDRINUSE)
        #expect(first.counts.refused == 0)
    }
}

extension MonitorEvent {
    var isHandshakeFailure: Bool {
        if case .handshakeFailed = self { return true }
        return false
    }
}
