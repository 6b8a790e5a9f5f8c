import Messages
import Runtime
import System
import TestSupport
import Testing
import ZeroMQ

/// A connection that sends any bytes at all; nothing is made well formed on the way.
final class RawLine {
    private let socket: Socket

    convenience init(
        _ cluster: ClusterHarness, _ endpoint: String, _ role: SocketRoleName,
        as holder: Keys.Holder
    ) throws {
        try self.init(endpoint, role, keys: cluster.keys(holder))
    }

    init(_ endpoint: String, _ role: SocketRoleName, keys: Keys) throws {
        let opened = try Socket(role.role, in: Context(), security: keys.connecting)
        try opened.connect(endpoint)
        socket = opened
    }

    func send(_ bytes: [UInt8]) throws {
        try wait(for: "a connection", within: .seconds(5)) { () -> Void? in
            do throws(ZeroMQError) {
                try socket.send(bytes)
                return ()
            } catch {
                return nil
            }
        }
    }

    func answer(within limit: Duration) throws -> [UInt8]? {
        let deadline = Clock.monotonic() + limit
        while true {
            if let message = try socket.receive() { return message.copyBytes() }
            let left = deadline - Clock.monotonic()
            guard left > .zero else { return nil }
            _ = socket.waitReadable(milliseconds: Int(left.milliseconds + 1))
        }
    }

    /// The code a server answers with, nil when it is content.
    func code(_ frame: [UInt8]) throws -> ErrorCode? {
        try send(frame)
        let bytes = try #require(try answer(within: .seconds(5)), "no answer")
        let (header, body) = try Frame.decode(bytes.span)
        guard header.kind == .error else { return nil }
        return try ErrorReply(decoding: Array(bytes[body])).code
    }
}
