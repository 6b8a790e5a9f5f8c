import Glibc
import Synchronization
import Testing

@testable import ZeroMQ

/// Keeps a window of requests in flight until `total` are answered.
private actor Asker {
    private let loop: EventLoop
    private let socket: Socket
    private let payload: [UInt8]
    private let total: Int
    private var sent = 0
    private var received = 0
    private var done: CheckedContinuation<Void, Never>?

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe loop.asUnownedSerialExecutor()
    }

    init(on loop: EventLoop, socket: consuming Socket, payloadBytes: Int, total: Int) {
        self.loop = loop
        self.socket = socket
        payload = [UInt8](repeating: 7, count: payloadBytes)
        self.total = total
    }

    func run() async {
        let token = socket.pollToken
        loop.onReadable(token) { self.assumeIsolated { $0.turn() } }
        // The first send waits for the handshake.
        let start = loop.schedule(after: .zero, repeating: .milliseconds(1)) {
            self.assumeIsolated { $0.turn() }
        }
        await withCheckedContinuation { done = $0 }
        loop.cancel(start)
        loop.unregister(token)
    }

    private func turn() {
        for _ in 0..<Limits.receivesPerTurn {
            guard let _ = try? socket.receive() else { break }
            received += 1
        }
        while sent < total, sent - received < Limits.scoringCredit {
            do { try socket.send(payload) } catch { break }
            sent += 1
        }
        if received == total {
            done?.resume()
            done = nil
        }
    }
}

/// Takes messages and answers each with one byte.
private actor Sink {
    private let loop: EventLoop
    private let socket: Socket

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe loop.asUnownedSerialExecutor()
    }

    init(on loop: EventLoop, socket: consuming Socket) {
        self.loop = loop
        self.socket = socket
    }

    func start() {
        loop.onReadable(socket.pollToken) { self.assumeIsolated { $0.drain() } }
    }

    func stop() { loop.unregister(socket.pollToken) }

    private func drain() {
        for _ in 0..<Limits.receivesPerTurn {
            guard let delivery = try? socket.receiveDelivery() else { return }
            try? socket.send(to: delivery.sender, [1])
        }
    }
}

/// Figures for people, never a gate: run with LIMN_MEASURE=1 and an optimised build.
@Suite(
    "How fast two loops talk", .serialized,
    .enabled(if: unsafe getenv("LIMN_MEASURE") != nil, "measures only on request"))
struct ThroughputTests {
    @Test(arguments: [(64, 400_000), (1000, 200_000), (100_000, 10_000)], [false, true])
    func pipelined(size: (bytes: Int, total: Int), curve: Bool) async throws {
        let bench = try Bench()
        // One context and so one I/O thread per side, as if they were two processes.
        let (context, otherContext) = (try Context(), try Context())
        let server = try KeyPair.generate()
        let client = try KeyPair.generate()
        let zap = try Authenticator(in: context, users: [client.publicKey: "client"])
        let router = try Socket(
            .scoringServer, in: context,
            security: curve ? .server(server, domain: "scoring") : .unprotected)
        try router.bind(bench.endpoint("a"))
        let dealer = try Socket(
            .scoringClient, in: otherContext,
            security: curve ? .client(server: server.publicKey, own: client) : .unprotected)
        try dealer.connect(bench.endpoint("a"))
        let (left, right) = (try EventLoop(name: "left"), try EventLoop(name: "right"))
        let sink = Sink(on: left, socket: router)
        await sink.start()
        let asker = Asker(on: right, socket: dealer, payloadBytes: size.bytes, total: size.total)
        let start = ContinuousClock.now
        await asker.run()
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        await sink.stop()
        let rate = Double(size.total) / seconds
        print(
            "\(size.bytes) B, CURVE \(curve): \(Int(rate)) requests/s,",
            "\(Int(rate * Double(size.bytes) / 1e6)) MB/s, refused \(zap.counts.refused)")
        left.stop()
        right.stop()
    }
}
