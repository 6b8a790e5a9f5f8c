package import ZeroMQ

/// When a client's connection is given up and made anew.
///
/// libzmq connects again after a lost connection, but never after a breach of protocol: one changed
/// byte, or a refusal by an authenticator that was just starting, ends the session for good and the
/// socket stays deaf. A DEALER that queues only to completed connections shows either as not
/// writable, so whoever cannot send for a while begins again with a new session.
package struct LineWatch: Sendable {
    private var blockedSince: Duration?
    package static let renewAfter: Duration = .seconds(1)

    package init() {}

    package mutating func noteSent() { blockedSince = nil }

    /// Notes that nothing could be sent; true when the connection is to be made anew.
    package mutating func noteBlocked(at now: Duration) -> Bool {
        let since = blockedSince ?? now
        blockedSince = since
        guard now - since >= Self.renewAfter else { return false }
        blockedSince = now
        return true
    }
}

extension Socket {
    /// Drops the connection to `endpoint`, dead or alive, and what was queued for it, and makes
    /// another.
    package borrowing func renew(_ endpoint: String) throws(ZeroMQError) {
        try? disconnect(endpoint)
        try connect(endpoint)
    }
}
