import CZeroMQ

/// The socket patterns Limn uses; REQ, REP and PUSH/PULL are absent on purpose.
package enum SocketKind: Sendable {
    case router
    case dealer
    case publisher
    case subscriber
    /// Exclusive pair, for monitors and inproc.
    case pair
    /// For the authenticator alone.
    case reply

    var raw: Int32 {
        switch self {
        case .router: ZMQ_ROUTER
        case .dealer: ZMQ_DEALER
        case .publisher: ZMQ_PUB
        case .subscriber: ZMQ_SUB
        case .pair: ZMQ_PAIR
        case .reply: ZMQ_REP
        }
    }
}
