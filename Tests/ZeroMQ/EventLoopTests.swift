import Glibc
import Synchronization
import Testing

@testable import ZeroMQ

/// Answers each message with its own bytes.
actor Echo {
    private let loop: EventLoop
    private var socket: Socket?
    private(set) var served = 0
    private(set) var failures: [any Error] = []

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe loop.asUnownedSerialExecutor()
    }

    init(on loop: EventLoop, socket: consuming Socket) {
        self.loop = loop
        self.socket = .some(consume socket)
    }

    func start() {
        guard let token = socket?.pollToken else { return }
        loop.onReadable(token) { self.assumeIsolated { $0.drain() } }
    }

    func close() {
        if let token = socket?.pollToken { loop.unregister(token) }
        socket = nil
    }

    private func drain() {
        for _ in 0..<Limits.receivesPerTurn {
            guard let delivery = try? socket?.receiveDelivery() else { return }
            do {
                try socket?.send(to: delivery.sender, delivery.payload.bytes)
                served += 1
            } catch {
                failures.append(error)
            }
        }
    }
}

/// Runs what a test gives it on a loop.
actor Stage {
    let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe loop.asUnownedSerialExecutor()
    }
    init(on loop: EventLoop) { self.loop = loop }
    @discardableResult
    func perform<T: Sendable>(_ body: @Sendable (EventLoop) -> T) -> T { body(loop) }
}

@Suite("Actors live on a loop that polls their sockets", .timeLimit(.minutes(5)))
struct EventLoopTests {
    @Test("An actor that owns a ROUTER answers 10,000 pipelined requests in order")
    func echo() async throws {
        let bench = try Bench()
        let context = try Context()
        let loop = try EventLoop(name: "echo")
        defer { loop.stop() }
        let router = try Socket(.scoringServer, in: context, security: .unprotected)
        try router.bind(bench.endpoint("a"))
        let echo = Echo(on: loop, socket: router)
        await echo.start()
        let dealer = try Socket(.scoringClient, in: context, security: .unprotected)
        try dealer.connect(bench.endpoint("a"))
        let total = 10_000
        var sent = 0
        var received = 0
        var inOrder = true
        let finished = try eventually {
            while sent < total, sent - received < Limits.scoringCredit {
                let number = UInt16(sent)
                do throws(ZeroMQError) {
                    try dealer.send([UInt8(number & 255), UInt8(number >> 8)])
                } catch {
                    guard case .again = error.reason else { throw error }
                    break
                }
                sent += 1
            }
            while let reply = try dealer.receive() {
                let bytes = reply.copyBytes()
                inOrder = inOrder && Int(bytes[0]) + Int(bytes[1]) << 8 == received
                received += 1
            }
            return received == total
        }
        #expect(finished, "sent \(sent), received \(received)")
        #expect(inOrder)
        #expect(await echo.served == total)
        #expect(await echo.failures.isEmpty)
        await echo.close()
    }

    @Test("Jobs from many tasks all run, on the loop's thread, one at a time")
    func jobs() async throws {
        let loop = try EventLoop(name: "jobs")
        defer { loop.stop() }
        actor Counter {
            let loop: EventLoop
            var count = 0
            var strays = 0
            nonisolated var unownedExecutor: UnownedSerialExecutor {
                unsafe loop.asUnownedSerialExecutor()
            }
            init(on loop: EventLoop) { self.loop = loop }
            func add() {
                count += 1
                if !loop.isCurrent { strays += 1 }
            }
        }
        let counter = Counter(on: loop)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask { for _ in 0..<500 { await counter.add() } }
            }
        }
        #expect(await counter.count == 10_000)
        #expect(await counter.strays == 0)
        #expect(!loop.isCurrent)
    }

    @Test("Timers fire in the order of their deadlines, and a cancelled one does not")
    func timers() async throws {
        let loop = try EventLoop(name: "timers")
        defer { loop.stop() }
        let fired = Log()
        await Stage(on: loop).perform { loop in
            for delay in [30, 10, 20, 0, 10] {
                loop.schedule(after: .milliseconds(delay)) { fired.append(delay) }
            }
            let cancelled = loop.schedule(after: .milliseconds(15)) { fired.append(-1) }
            loop.cancel(cancelled)
        }
        #expect(eventually { fired.values.count >= 5 })
        #expect(fired.values == [0, 10, 10, 20, 30])
    }

    @Test("A repeating timer keeps its beat until it is cancelled by its own handler")
    func repeating() async throws {
        let loop = try EventLoop(name: "beat")
        defer { loop.stop() }
        let beats = Log()
        let start = ContinuousClock.now
        await Stage(on: loop).perform { loop in
            // The loop numbers its timers from 1, so this one's name is known beforehand.
            let own = TimerID(number: 1)
            loop.schedule(after: .milliseconds(5), repeating: .milliseconds(5)) {
                beats.append(beats.values.count)
                if beats.values.count == 10 { loop.cancel(own) }
            }
        }
        #expect(eventually { beats.values.count >= 10 })
        #expect(ContinuousClock.now - start >= .milliseconds(50))
        let later = Log()
        await Stage(on: loop).perform { loop in
            loop.schedule(after: .milliseconds(30)) { later.append(1) }
        }
        #expect(eventually { later.values == [1] })
        #expect(beats.values.count == 10)
    }

    @Test("A descriptor can be watched, and a handler may unregister itself")
    func descriptor() async throws {
        let loop = try EventLoop(name: "pipe")
        defer { loop.stop() }
        var ends: [Int32] = [0, 0]
        try #require(unsafe pipe(&ends) == 0)
        let (reader, writer) = (ends[0], ends[1])
        defer { close(reader) }
        let calls = Log()
        await Stage(on: loop).perform { loop in
            let token = PollToken(descriptor: reader)
            loop.onReadable(token) {
                calls.append(1)
                loop.unregister(token)
            }
        }
        // The end of the pipe is what a lifeline shows; nothing is ever written.
        close(writer)
        #expect(eventually { calls.values == [1] })
        let turns = Log()
        await Stage(on: loop).perform { loop in
            loop.schedule(after: .milliseconds(10)) { turns.append(1) }
        }
        #expect(eventually { turns.values == [1] })
        #expect(calls.values == [1])
    }

    @Test("Stopping runs what is queued, releases the actors and ends the thread")
    func stopping() async throws {
        let bench = try Bench()
        weak var watched: Context?
        let loop = try EventLoop(name: "stop")
        do {
            let context = try Context()
            watched = context
            let router = try Socket(.scoringServer, in: context, security: .unprotected)
            try router.bind(bench.endpoint("a"))
            let echo = Echo(on: loop, socket: router)
            await echo.start()
        }
        #expect(watched != nil, "the registered handler keeps the actor and its socket")
        loop.stop()
        loop.join()
        #expect(watched == nil)
        // A task must not hang because the loop of its actor has ended.
        let answer = await Stage(on: loop).perform { $0.isCurrent }
        #expect(answer)
        loop.join()
    }

    @Test("Lag is the longest turn, and a turn that still runs counts")
    func lag() async throws {
        let loop = try EventLoop(name: "lag")
        defer { loop.stop() }
        let release = Log()
        await Stage(on: loop).perform { loop in
            loop.schedule(after: .zero) {
                while release.values.isEmpty { usleep(100) }
            }
        }
        #expect(eventually { loop.takeLagMicroseconds() > 20_000 })
        #expect(eventually { loop.takeLagMicroseconds() > 40_000 })
        release.append(1)
        #expect(eventually { loop.takeLagMicroseconds() < 20_000 })
    }

    @Test("Closing a socket that a loop still polls traps")
    func closedWhilePolled() async {
        await #expect(processExitsWith: .failure) {
            let context = try Context()
            let loop = try EventLoop(name: "trap")
            let socket = try Socket(.pair, in: context, options: SocketOptions())
            let token = socket.pollToken
            await Stage(on: loop).perform { $0.onReadable(token) {} }
            _ = consume socket
        }
    }

    @Test("Closing a socket after it was unregistered does not trap")
    func closedAfterwards() async {
        await #expect(processExitsWith: .success) {
            let context = try Context()
            let loop = try EventLoop(name: "control")
            let socket = try Socket(.pair, in: context, options: SocketOptions())
            let token = socket.pollToken
            await Stage(on: loop).perform { $0.onReadable(token) {} }
            await Stage(on: loop).perform { $0.unregister(token) }
            _ = consume socket
        }
    }

    @Test("Registering from another thread traps")
    func strangerRegisters() async {
        await #expect(processExitsWith: .failure) {
            let loop = try EventLoop(name: "trap")
            loop.schedule(after: .seconds(1)) {}
        }
    }
}

/// What handlers did, in order.
final class Log: Sendable {
    private let entries = Mutex<[Int]>([])
    func append(_ entry: Int) { entries.withLock { $0.append(entry) } }
    var values: [Int] { entries.withLock { $0 } }
}
