import Messages
import System
import ZeroMQ

/// Connections to servers that answer alike, and the one that is asked at present.
struct ServerRing: ~Copyable {
    enum Outcome {
        case answered(Answer)
        /// The connection is gone, and the question with it.
        case lost
        /// No answer in time; the server may be frozen.
        case silent
    }

    private let sockets: [ClientBox]
    private var place: Int
    /// Where the last question went.
    private var asked: Int?
    private(set) var failovers: UInt64 = 0

    /// How often a wait looks whether the connection still stands.
    private static let lookEvery: Duration = .milliseconds(10)

    /// Sockets cannot be copied, arrays want what can be.
    private final class ClientBox {
        var socket: ClientSocket
        init(_ socket: consuming ClientSocket) { self.socket = socket }
    }

    /// Clients should begin with different servers, so `first` is to be random.
    init(
        _ endpoints: [String], first: UInt64, _ role: SocketRole, _ keys: Keys,
        _ context: Context?
    ) throws(RequestFailure) {
        precondition(!endpoints.isEmpty)
        var sockets: [ClientBox] = []
        for endpoint in endpoints {
            sockets.append(ClientBox(try ClientSocket(role, endpoint, keys, context)))
        }
        self.sockets = sockets
        place = Int(first % UInt64(endpoints.count))
    }

    var count: Int { sockets.count }
    var endpoint: String { sockets[place].socket.endpoint }
    private var hasConnected: Bool { sockets.contains { $0.socket.hasConnected } }

    /// Why nobody took a question, or answered it.
    func absence() -> RequestFailure {
        for box in sockets {
            let found = box.socket.absence()
            if case .keyRefused = found { return found }
        }
        return hasConnected ? .timedOut : .notConnected(endpoint)
    }

    mutating func send(_ frame: [UInt8], until deadline: Duration) throws(RequestFailure) -> Bool {
        guard try sockets[place].socket.send(frame, until: deadline) else { return false }
        if let asked, asked != place { failovers += 1 }
        asked = place
        return true
    }

    func receive(until deadline: Duration) throws(RequestFailure) -> Answer? {
        try sockets[place].socket.receive(until: deadline)
    }

    /// Makes a connected server the present one; false when none is before the deadline.
    mutating func findConnected(until deadline: Duration) throws(RequestFailure) -> Bool {
        while Clock.monotonic() < deadline {
            for step in 0..<count {
                let candidate = (place + step) % count
                if try sockets[candidate].socket.isReady() {
                    place = candidate
                    return true
                }
            }
            if sockets.allSatisfy({ $0.socket.isRefused() }) { return false }
            Clock.pause(min(Self.lookEvery, max(.zero, deadline - Clock.monotonic())))
        }
        return false
    }

    /// Waits for the answer to one question.
    func answer(to id: UInt64, until deadline: Duration) throws(RequestFailure) -> Outcome {
        while true {
            let now = Clock.monotonic()
            if now >= deadline { return .silent }
            let look = min(deadline, now + Self.lookEvery)
            if let found = try receive(until: look) {
                if found.requestID == id { return .answered(found) }
            } else if !sockets[place].socket.isConnected {
                return .lost
            }
        }
    }

    /// The next server is asked from now on.
    mutating func moveOn(pause: Duration, until deadline: Duration) {
        place = (place + 1) % count
        Clock.pause(max(.zero, min(pause, deadline - Clock.monotonic())))
    }
}
