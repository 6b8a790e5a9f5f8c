import CZeroMQ
import Synchronization

/// What happened to a connection of a monitored socket.
package enum MonitorEvent: Sendable, Equatable {
    /// Why a handshake failed.
    package enum HandshakeFailure: Sendable, Equatable {
        /// The transport ended or the peer spoke no ZMTP; the `errno` says which.
        case transport(errno: Int32)
        /// The peer broke the security protocol (wrong key or mechanism); libzmq's code.
        case `protocol`(code: Int32)
        /// The authenticator refused it with this status, as 400.
        case refused(status: Int32)
    }

    case listening
    case connected
    case accepted
    case handshakeSucceeded
    case handshakeFailed(HandshakeFailure)
    case disconnected
    case retrying
    case closed
    case stopped
    /// An event Limn does not act on; libzmq's code and value.
    case other(code: Int32, value: Int32)

    init(code: Int32, value: Int32) {
        switch code {
        case ZMQ_EVENT_LISTENING: self = .listening
        case ZMQ_EVENT_CONNECTED: self = .connected
        case ZMQ_EVENT_ACCEPTED: self = .accepted
        case ZMQ_EVENT_HANDSHAKE_SUCCEEDED: self = .handshakeSucceeded
        case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
            self = .handshakeFailed(.transport(errno: value))
        case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
            self = .handshakeFailed(.protocol(code: value))
        case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
            self = .handshakeFailed(.refused(status: value))
        case ZMQ_EVENT_DISCONNECTED: self = .disconnected
        case ZMQ_EVENT_CONNECT_RETRIED: self = .retrying
        case ZMQ_EVENT_CLOSED: self = .closed
        case ZMQ_EVENT_MONITOR_STOPPED: self = .stopped
        default: self = .other(code: code, value: value)
        }
    }
}

/// The stream of events of one socket's connections; poll it like a socket.
package struct Monitor: ~Copyable, Sendable {
    private let socket: Socket

    /// What is watched. Events wait for the reader, and libzmq's thread with them once there are
    /// too many: whoever reads seldom watches what is seldom.
    package enum Interest: Sendable {
        case everything
        /// How handshakes end.
        case handshakes

        fileprivate var events: Int32 {
            switch self {
            case .everything: ZMQ_EVENT_ALL
            case .handshakes:
                ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL
                    | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH
            }
        }
    }

    /// Watches `watched`, which must not be monitored yet; start before bind or connect.
    package init(
        of watched: borrowing Socket, _ interest: Interest = .everything
    ) throws(ZeroMQError) {
        let endpoint = "inproc://monitor-\(monitorCount.add(1, ordering: .relaxed).newValue)"
        // Before the socket below exists, since an initialiser may not throw after that.
        let reader = try Socket(.pair, in: watched.context, options: SocketOptions())
        guard unsafe zmq_socket_monitor(watched.raw, endpoint, interest.events) == 0 else {
            throw .last("zmq_socket_monitor")
        }
        try reader.connect(endpoint)
        socket = reader
    }

    /// The next event, or nil if there is none now.
    package func next() throws(ZeroMQError) -> MonitorEvent? {
        guard let frame = try socket.receive() else { return nil }
        let bytes = frame.copyBytes()
        // The second frame is the address, which says nothing that we act on.
        if frame.hasMore { _ = try socket.receive() }
        guard bytes.count == 6 else { return .other(code: -1, value: 0) }
        // Native byte order, as libzmq writes it; all our machines are little-endian.
        let code = Int32(bytes[0]) | Int32(bytes[1]) << 8
        let value = (2..<6).reduce(UInt32(0)) { $0 | UInt32(bytes[$1]) << (8 * ($1 - 2)) }
        return MonitorEvent(code: code, value: Int32(bitPattern: value))
    }

    package var pollToken: PollToken { socket.pollToken }
}

private let monitorCount = Atomic<UInt64>(0)
