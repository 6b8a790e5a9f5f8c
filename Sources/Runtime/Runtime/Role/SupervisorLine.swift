package import Messages
import Synchronization

/// What a role tells its supervisor beside its signs of life.
package final class SupervisorLine: Sendable {
    package typealias Sender = @Sendable ([UInt8]) -> Void

    private let sender = Mutex<Sender?>(nil)

    package init() {}

    /// Whether there is a supervisor. Without one a role looks after itself.
    package var isConnected: Bool { sender.withLock { $0 != nil } }

    /// `send` is called on the role's loop.
    package func connect(_ send: @escaping Sender) { sender.withLock { $0 = send } }

    /// Says it if there is a supervisor that listens; whoever needs to be sure says it again.
    package func tell<M: WireMessage>(_ message: M) {
        guard let kind = M.kind, let send = sender.withLock({ $0 }) else { return }
        send(Frame.encode(Header(kind: kind), body: message))
    }
}
