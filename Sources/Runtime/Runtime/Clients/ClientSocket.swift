import Messages
import System
import ZeroMQ

/// The DEALER below both clients: blocking with a deadline, reconnecting by itself.
struct ClientSocket: ~Copyable {
    let endpoint: String
    private let sentBytesMax: Int
    private let line: Line
    private var watch = LineWatch()
    private var handshakes = HandshakeWatch()
    private var notedAt: Duration?
    /// Whether the connection has ever taken a message.
    private(set) var hasConnected = false

    init(
        _ role: SocketRole, _ endpoint: String, _ keys: Keys, _ context: Context?
    ) throws(RequestFailure) {
        self.endpoint = endpoint
        sentBytesMax = role.sentBytesMax
        do throws(ZeroMQError) {
            line = try Line(role, endpoint, keys, context)
        } catch {
            throw .socket("cannot connect to \(endpoint): \(error)")
        }
    }

    /// The socket, and what is heard of its handshakes.
    private struct Line: ~Copyable {
        let socket: Socket
        let monitor: Monitor

        init(
            _ role: SocketRole, _ endpoint: String, _ keys: Keys, _ context: Context?
        ) throws(ZeroMQError) {
            let own: Context
            if let context { own = context } else { own = try Context() }
            let socket = try Socket(role, in: own, security: keys.connecting)
            let monitor = try Monitor(of: socket, .handshakes)
            try socket.connect(endpoint)
            self.socket = socket
            self.monitor = monitor
        }
    }

    /// Refused so often that waiting is no use.
    mutating func isRefused() -> Bool {
        noteHandshakesNowAndThen()
        return handshakes.isFinal(at: Clock.monotonic())
    }

    /// Why nothing went or nothing came.
    mutating func absence() -> RequestFailure {
        noteHandshakes()
        switch handshakes.verdict(at: Clock.monotonic()) {
        case .keyRefused:
            return .keyRefused("\(endpoint) does not let this key in")
        case .otherServer:
            return .keyRefused(
                "\(endpoint) answers and breaks off: it has not the server key of this client")
        case nil: return hasConnected ? .timedOut : .notConnected(endpoint)
        }
    }

    /// Asking for news is a system call, as dear as the rest of a question: what is asked for
    /// with each message is asked for so often and no more.
    private static let noteEvery: Duration = .milliseconds(20)

    private mutating func noteHandshakesNowAndThen() {
        if let notedAt, Clock.monotonic() - notedAt < Self.noteEvery { return }
        noteHandshakes()
    }

    private mutating func noteHandshakes() {
        notedAt = Clock.monotonic()
        var isBroken = false
        // Without news of handshakes there is no verdict, and that is no failure of its own.
        while let event = try? line.monitor.next() {
            if handshakes.note(event, at: Clock.monotonic()) { isBroken = true }
        }
        // What cannot be made anew now is blocked, and made anew by the watch over that.
        if isBroken { try? line.socket.renew(endpoint) }
    }

    /// Whether a server is connected and takes messages.
    var isConnected: Bool { line.socket.waitWritable(milliseconds: 0) }

    /// The same for those who send only to what is connected: a connection that stays away is made
    /// anew, since libzmq may have given it up for good.
    mutating func isReady() throws(RequestFailure) -> Bool {
        if isConnected {
            watch.noteSent()
            return true
        }
        if watch.noteBlocked(at: Clock.monotonic()) { try renew() }
        return false
    }

    /// False when nobody takes the frame before the deadline.
    mutating func send(_ frame: [UInt8], until deadline: Duration) throws(RequestFailure) -> Bool {
        guard frame.count <= sentBytesMax else {
            throw .refused(
                .frameTooLarge,
                "the question has \(frame.count) bytes, \(endpoint) takes \(sentBytesMax)",
                retryAfterMs: 0)
        }
        noteHandshakesNowAndThen()
        while true {
            do throws(ZeroMQError) {
                try line.socket.send(frame)
                hasConnected = true
                watch.noteSent()
                return true
            } catch {
                guard error.reason == .again || error.reason == .interrupted else {
                    throw .socket("cannot send to \(endpoint): \(error)")
                }
            }
            let now = Clock.monotonic()
            if watch.noteBlocked(at: now) { try renew() }
            let left = deadline - now
            guard left > .zero, !isRefused() else { return false }
            _ = line.socket.waitWritable(milliseconds: Int(min(left.milliseconds + 1, 100)))
        }
    }

    private func renew() throws(RequestFailure) {
        do throws(ZeroMQError) {
            try line.socket.renew(endpoint)
        } catch {
            throw .socket("cannot connect to \(endpoint): \(error)")
        }
    }

    /// The next frame, or nil when none comes before the deadline.
    mutating func receive(until deadline: Duration) throws(RequestFailure) -> Answer? {
        while true {
            do throws(ZeroMQError) {
                if let message = try line.socket.receive() {
                    // What cannot be read answers nothing; the answer may be behind it.
                    if let answer = try? Self.answer(message) { return answer }
                }
            } catch {
                throw .socket("cannot receive from \(endpoint): \(error)")
            }
            let left = deadline - Clock.monotonic()
            guard left > .zero else { return nil }
            _ = line.socket.waitReadable(milliseconds: Int(min(left.milliseconds + 1, 1000)))
        }
    }

    private static func answer(_ message: borrowing Message) throws -> Answer {
        let bytes = message.copyBytes()
        let (header, body) = try Frame.decode(bytes.span)
        return Answer(header: header, body: Array(bytes[body]))
    }
}
