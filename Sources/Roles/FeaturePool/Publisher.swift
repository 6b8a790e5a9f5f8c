import Messages
import Runtime
import ZeroMQ

/// Tells the scoring service who changed, numbered so that a loss is noticed.
struct Publisher: ~Copyable {
    private let socket: Socket
    private let endpoint: String
    private var sequence: UInt64 = 0

    init(environment: RoleEnvironment, endpoint: String) throws {
        socket = try environment.bind(.publisher, [endpoint])
        self.endpoint = endpoint
    }

    /// Ends every connection; who may listen connects again, and hears by the numbers what it
    /// missed.
    func cutListeners() throws(ZeroMQError) { try socket.rebind([endpoint]) }

    /// Leaves a gap in the numbers, as if a message had been lost.
    mutating func skip() { sequence += 1 }

    mutating func publish(_ message: inout ProfilesChanged) {
        sequence += 1
        message.sequence = sequence
        // A subscriber that does not keep up loses messages and sees it by the numbers.
        try? socket.send(Frame.encode(Header(kind: .profilesChanged), body: message))
    }
}
