package import ZeroMQ

/// What a client's handshakes came to, so that a key that is refused is told from a server that is
/// not there. Pure; time is an argument.
package struct HandshakeWatch: Sendable, Equatable {
    package enum Verdict: Sendable, Equatable {
        /// The server knows itself to be meant, and this key not to be let in.
        case keyRefused
        /// Somebody answers and breaks off: it has another server key.
        case otherServer
    }

    private var verdict: Verdict?
    private var isUp = false
    /// The server key has fitted once: what breaks off later is a server that ends, or a bad line.
    private var wasUp = false
    private var failures = 0
    private var firstAt: Duration = .zero
    private var lastAt: Duration = .zero

    /// A refusal longer ago than this says nothing about now: the next try is a second away.
    package static let freshness: Duration = .seconds(3)
    /// A server that just ends breaks off a handshake too, but not as often.
    package static let breaksMin = 2
    /// So often and for so long refused, a key will not be let in by waiting.
    package static let refusalsMin = 3
    package static let refusedFor: Duration = .seconds(2)

    package init() {}

    /// Notes an event. True when a connection that was up broke the protocol: libzmq ends such a
    /// connection, but not where it has told a monitor of it; then it stops reading it for good.
    @discardableResult
    package mutating func note(_ event: MonitorEvent, at now: Duration) -> Bool {
        if case .handshakeFailed(.protocol) = event, isUp {
            isUp = false
            return true
        }
        switch event {
        case .handshakeSucceeded:
            self = HandshakeWatch()
            (isUp, wasUp) = (true, true)
        case .handshakeFailed(.refused): note(.keyRefused, at: now)
        case .handshakeFailed where !wasUp: note(.otherServer, at: now)
        default: break
        }
        return false
    }

    private mutating func note(_ found: Verdict, at now: Duration) {
        if verdict != found || now - lastAt > Self.freshness {
            failures = 0
            firstAt = now
        }
        verdict = found
        failures += 1
        lastAt = now
    }

    /// Why there is no connection, as far as handshakes tell.
    package func verdict(at now: Duration) -> Verdict? {
        guard let verdict, now - lastAt <= Self.freshness else { return nil }
        return verdict == .otherServer && failures < Self.breaksMin ? nil : verdict
    }

    /// Whether waiting longer is no use.
    package func isFinal(at now: Duration) -> Bool {
        verdict(at: now) != nil && failures >= Self.refusalsMin && now - firstAt >= Self.refusedFor
    }
}
