import CZeroMQ
import Synchronization

/// The authenticator's thread: answers ZAP requests (RFC 27) on its REP socket.
final class ZAPHandler: Sendable {
    struct State {
        var users: [PublicKey: String]
        /// Domains that only these keys may enter, where a message cannot be checked: a publisher
        /// never hears who listens.
        var reserved: [String: Set<PublicKey>]
        var counts = Authenticator.Counts()
    }

    let state: Mutex<State>
    let stopping = Atomic(false)
    let ended = Atomic(false)
    let wakeUp: WakeUp
    private let socket: Socket

    init(
        in context: Context, users: [PublicKey: String], reserved: [String: Set<PublicKey>]
    ) throws(ZeroMQError) {
        let wakeUp = try WakeUp()
        let socket = try Socket(.reply, in: context, options: SocketOptions())
        try socket.bind("inproc://zeromq.zap.01")
        self.wakeUp = wakeUp
        self.socket = socket
        state = Mutex(State(users: users, reserved: reserved))
    }

    func run() {
        while !stopping.load(ordering: .relaxed) {
            wait()
            // An error here would leave handshakes unanswered, which refuses them.
            while let request = try? socket.receiveMultipart(maxParts: Limits.framesPerMessage) {
                try? socket.send(parts: reply(to: request))
            }
        }
        ended.store(true, ordering: .relaxed)
    }

    private func wait() {
        let readable = Int16(ZMQ_POLLIN)
        var items = unsafe [
            unsafe zmq_pollitem_t(socket: socket.raw, fd: -1, events: readable, revents: 0),
            unsafe zmq_pollitem_t(
                socket: nil, fd: wakeUp.descriptor, events: readable, revents: 0),
        ]
        _ = unsafe zmq_poll(&items, Int32(items.count), -1)
    }

    // Request: version, request id, domain, address, identity, mechanism, credentials.
    private func reply(to request: [[UInt8]]) -> [[UInt8]] {
        let requestID = request.count > 1 ? request[1] : []
        let user = user(of: request)
        state.withLock { state in
            if user == nil { state.counts.refused += 1 } else { state.counts.accepted += 1 }
        }
        let status = user == nil ? "400" : "200"
        let text = user == nil ? "unknown key" : "OK"
        return [
            Array("1.0".utf8), requestID, Array(status.utf8), Array(text.utf8),
            Array((user ?? "").utf8), [],
        ]
    }

    private func user(of request: [[UInt8]]) -> String? {
        guard request.count == 7, request[0] == Array("1.0".utf8),
            request[5] == Array("CURVE".utf8), let key = PublicKey(bytes: request[6])
        else { return nil }
        let domain = String(decoding: request[2], as: UTF8.self)
        return state.withLock { state in
            state.reserved[domain]?.contains(key) == false ? nil : state.users[key]
        }
    }
}
