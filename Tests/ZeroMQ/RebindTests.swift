import Testing
import ZeroMQ

@Suite("A publisher cuts off who listens, and only who may comes back", .timeLimit(.minutes(5)))
struct RebindTests {
    private let bench: Bench
    private let context: Context
    private let server: KeyPair

    init() throws {
        bench = try Bench()
        context = try Context()
        server = try KeyPair.generate()
    }

    private func subscriber(_ own: KeyPair, _ endpoint: String) throws -> Socket {
        let socket = try Socket(
            .subscriber, in: context, security: .client(server: server.publicKey, own: own))
        try socket.subscribe()
        try socket.connect(endpoint)
        return socket
    }

    @Test("A revoked key hears nothing more; the others hear on", arguments: ["ipc", "tcp"])
    func cut(_ transport: String) throws {
        let stays = try KeyPair.generate()
        let goes = try KeyPair.generate()
        let zap = try Authenticator(
            in: context, users: [stays.publicKey: "stays", goes.publicKey: "goes"])
        let publisher = try Socket(
            .publisher, in: context,
            security: .server(server, domain: SocketRole.publisher.domain))
        try publisher.bind(transport == "ipc" ? bench.endpoint("p") : "tcp://127.0.0.1:*")
        let endpoint = try publisher.lastEndpoint()
        let one = try subscriber(stays, endpoint)
        let other = try subscriber(goes, endpoint)
        func heard(_ socket: borrowing Socket) throws -> Bool {
            var any = false
            while try socket.receive() != nil { any = true }
            return any
        }
        func drop(_ socket: borrowing Socket) throws { _ = try heard(socket) }
        var both: Set<String> = []
        #expect(
            try eventually {
                try publisher.send([1])
                if try heard(one) { both.insert("stays") }
                if try heard(other) { both.insert("goes") }
                return both.count == 2
            })
        zap.replace(users: [stays.publicKey: "stays"], reserved: [:])
        for _ in 0..<5 { try publisher.rebind([endpoint]) }
        try drop(one)
        try drop(other)
        #expect(
            try eventually {
                try publisher.send([2])
                return try heard(one)
            }, "who may listen came back")
        for _ in 0..<50 { try publisher.send([3]) }
        #expect(try eventually { try heard(one) })
        #expect(try !heard(other), "a revoked key was served")
    }
}
