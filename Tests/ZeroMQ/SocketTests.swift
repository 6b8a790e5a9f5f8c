import CZeroMQ
import Glibc
import Testing

@testable import ZeroMQ

@Suite("A socket has one owner, never blocks and never truncates", .timeLimit(.minutes(5)))
struct SocketTests {
    let bench: Bench
    let context: Context

    init() throws {
        bench = try Bench()
        context = try Context()
    }

    private func plain(_ role: SocketRole) throws -> Socket {
        try Socket(role, in: context, security: .unprotected)
    }

    @Test("Nothing to receive is nil, and nobody to send to is .again")
    func emptyIsNil() throws {
        let dealer = try plain(.eventClient)
        #expect(try dealer.receive() == nil)
        let error = #expect(throws: ZeroMQError.self) { try dealer.send([1]) }
        #expect(error?.reason == .again)
        #expect(error?.description.contains("zmq_send") == true)
    }

    @Test("An unknown peer is .hostUnreachable, and the router goes on")
    func unknownPeer() throws {
        let router = try plain(.eventServer)
        try router.bind(bench.endpoint("a"))
        let error = #expect(throws: ZeroMQError.self) {
            try router.send(to: RoutingID([1, 2, 3]), [1])
        }
        #expect(error?.reason == .hostUnreachable)
        let dealer = try plain(.eventClient)
        try dealer.connect(bench.endpoint("a"))
        try send([7], by: dealer)
        let delivery = try awaiting { try router.receiveDelivery() }
        try router.send(to: delivery.sender, [8])
        #expect(try awaiting { try dealer.receive() }.copyBytes() == [8])
    }

    @Test(
        "A frame of any size arrives whole", arguments: [0, 1, 33, 34, 255, 256, 1 << 20, 4 << 20])
    func wholeFrames(size: Int) throws {
        let router = try plain(.eventServer)
        try router.bind(bench.endpoint("a"))
        let dealer = try plain(.eventClient)
        try dealer.connect(bench.endpoint("a"))
        let sent = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
        try send(sent, by: dealer)
        let delivery = try awaiting { try router.receiveDelivery() }
        #expect(delivery.frameCount == 1)
        #expect(delivery.payload.size == size)
        #expect(delivery.payload.copyBytes() == sent)
        let bytes = delivery.payload.bytes
        #expect(bytes.count == size)
        if size > 0 { #expect(bytes[size - 1] == sent[size - 1]) }
    }

    @Test("A frame above the limit ends the connection and reaches nobody")
    func oversizedFrame() throws {
        let router = try plain(.controlServer)
        let monitor = try Monitor(of: router)
        try router.bind(bench.endpoint("a"))
        let dealer = try plain(.controlClient)
        try dealer.connect(bench.endpoint("a"))
        try send([1], by: dealer)
        #expect(try awaiting { try router.receiveDelivery() }.payload.copyBytes() == [1])
        try send([UInt8](repeating: 2, count: Limits.questionFrameBytes + 1), by: dealer)
        let disconnected = try eventually { try monitor.next() == .disconnected }
        #expect(disconnected)
        #expect(try router.receiveDelivery() == nil)
    }

    @Test("A message of several frames is counted, so that it can be refused")
    func severalFrames() throws {
        let router = try plain(.eventServer)
        try router.bind(bench.endpoint("a"))
        let dealer = try plain(.eventClient)
        try dealer.connect(bench.endpoint("a"))
        try send([1], by: dealer)
        try dealer.send(parts: [[2], [3], [4]])
        try dealer.send([5])
        #expect(try awaiting { try router.receiveDelivery() }.frameCount == 1)
        let several = try awaiting { try router.receiveDelivery() }
        #expect(several.frameCount == 3)
        #expect(several.payload.copyBytes() == [2])
        #expect(try awaiting { try router.receiveDelivery() }.payload.copyBytes() == [5])
    }

    @Test("A subscriber gets the parts it subscribed to")
    func publishing() throws {
        let publisher = try plain(.publisher)
        try publisher.bind(bench.endpoint("a"))
        let subscriber = try plain(.subscriber)
        try subscriber.subscribe(to: [9])
        try subscriber.connect(bench.endpoint("a"))
        var received: [[UInt8]]?
        let arrived = try eventually {
            try publisher.send(parts: [[8], [0]])
            try publisher.send(parts: [[9], [1, 2]])
            received = try subscriber.receiveMultipart()
            return received != nil
        }
        #expect(arrived)
        #expect(received == [[9], [1, 2]])
    }

    @Test("Up to the credit in flight, a reply never finds the queue full")
    func creditIsEnough() throws {
        let router = try plain(.controlServer)
        try router.bind(bench.endpoint("a"))
        let dealer = try plain(.controlClient)
        try dealer.connect(bench.endpoint("a"))
        // Without the second look in `send`, about half of the runs of 50 rounds failed here.
        for round in 0..<300 {
            for _ in 0..<Limits.controlCredit { try send([1], by: dealer) }
            for _ in 0..<Limits.controlCredit {
                let delivery = try awaiting { try router.receiveDelivery() }
                #expect(throws: Never.self, "round \(round)") {
                    try router.send(to: delivery.sender, [2])
                }
            }
            for _ in 0..<Limits.controlCredit { _ = try awaiting { try dealer.receive() } }
        }
    }

    @Test("Canary: a second bind steals an ipc path in silence, so the directory must be locked")
    func stolenPath() throws {
        let first = try plain(.eventServer)
        try first.bind(bench.endpoint("a"))
        let second = try plain(.eventServer)
        #expect(throws: Never.self) { try second.bind(bench.endpoint("a")) }
        let dealer = try plain(.eventClient)
        try dealer.connect(bench.endpoint("a"))
        try send([1], by: dealer)
        #expect(try awaiting { try second.receiveDelivery() }.payload.copyBytes() == [1])
        #expect(try first.receiveDelivery() == nil)
    }

    @Test("A socket moves to another thread")
    func moves() throws {
        let left = try Socket(.pair, in: context, options: SocketOptions())
        try left.bind("inproc://move")
        let right = try Socket(.pair, in: context, options: SocketOptions())
        try right.connect("inproc://move")
        final class Carrier: Sendable {
            let socket: Socket
            init(_ socket: consuming Socket) { self.socket = socket }
        }
        let carrier = Carrier(right)
        OwnThread.start("mover") { try? carrier.socket.send([42]) }
        #expect(try awaiting { try left.receive() }.copyBytes() == [42])
    }

    @Test("The context outlives its sockets: a socket works after the last reference to it is gone")
    func terminationOrder() throws {
        var own: Context? = try Context()
        weak let watched = own
        var socket: Socket? = try Socket(.dealer, in: #require(own), options: SocketOptions())
        own = nil
        try socket?.bind(bench.endpoint("b"))
        #expect(watched != nil)
        // Blocks for ever if the context were ended before the socket is closed.
        socket = nil
        #expect(watched == nil)
    }

    @Test("Errors keep the call and the errno")
    func errors() throws {
        let socket = try plain(.eventServer)
        let error = #expect(throws: ZeroMQError.self) { try socket.bind("nonsense") }
        #expect(error == ZeroMQError(call: "zmq_bind", errno: EINVAL))
        #expect(error?.reason == .other)
        #expect(ZeroMQError(call: "x", errno: 156_384_765).reason == .terminated)
        #expect(ZeroMQError(call: "x", errno: EINTR).reason == .interrupted)
    }

    @Test("A role's options reach libzmq", arguments: SocketRole.allCases)
    func options(role: SocketRole) throws {
        let socket = try plain(role)
        #expect(try socket.option(ZMQ_HEARTBEAT_IVL) == 0)
        #expect(try socket.option(ZMQ_HANDSHAKE_IVL) == 2000)
        #expect(try socket.option(ZMQ_IMMEDIATE) == (role.kind == .dealer ? 1 : 0))
        #expect(try socket.option(ZMQ_LINGER) >= 0)
        #expect(try socket.option(ZMQ_RCVHWM) <= Limits.scoringMark)
        #expect(try socket.option(ZMQ_TCP_MAXRT) == 3000)
    }
}
