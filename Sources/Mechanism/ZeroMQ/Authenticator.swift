import Synchronization

/// Decides who may connect (ZAP): one per context, on its own thread, started before any bind.
package final class Authenticator: Sendable {
    /// How many handshakes were let in and turned away.
    package struct Counts: Sendable, Equatable {
        package var accepted: UInt64 = 0
        package var refused: UInt64 = 0
    }

    private let handler: ZAPHandler

    /// Starts answering handshakes in `context`; throws if it has an authenticator already.
    ///
    /// `users` says what `Message.userID` shall be for each public key; other keys are refused.
    /// Domains of `reserved` let only the keys in that they name.
    package init(
        in context: Context, users: [PublicKey: String],
        reserved: [String: Set<PublicKey>] = [:]
    ) throws(ZeroMQError) {
        let handler = try ZAPHandler(in: context, users: users, reserved: reserved)
        self.handler = handler
        OwnThread.start("limn-zap") { handler.run() }
    }

    deinit { stop() }

    /// Replaces the whole table; connections that are already open stay.
    package func replaceUsers(_ users: [PublicKey: String]) {
        handler.state.withLock { $0.users = users }
    }

    /// Replaces the table and who may enter which domain; connections that are already open stay.
    package func replace(users: [PublicKey: String], reserved: [String: Set<PublicKey>]) {
        handler.state.withLock { state in
            state.users = users
            state.reserved = reserved
        }
    }

    package var counts: Counts { handler.state.withLock { $0.counts } }

    var hasEnded: Bool { handler.ended.load(ordering: .relaxed) }

    /// Ends the thread; while this object lives, handshakes then go unanswered and so fail.
    package func stop() {
        handler.stopping.store(true, ordering: .relaxed)
        handler.wakeUp.ring()
    }
}
