package import Messages
import System
package import ZeroMQ

/// Asks a server: one question at a time with `ask`, or many in flight with `send` and `receive`.
/// Belongs to one thread. At most `Limits.scoringCredit` questions may be in flight.
package final class RequestClient {
    private var socket: ClientSocket
    private var nextID: UInt64

    /// Connects in the background; a server that starts later is found.
    package init(
        endpoint: String, keys: Keys, role: SocketRole = .scoringClient, context: Context? = nil
    ) throws(RequestFailure) {
        socket = try ClientSocket(role, endpoint, keys, context)
        nextID = Entropy.uint64() >> 1
    }

    /// Sends a question and returns its id; waits at most its own time for a connection.
    package func send<M: WireMessage>(
        _ kind: Kind, _ body: M, timeoutMs: UInt32 = 1000, traceID: [UInt8] = []
    ) throws(RequestFailure) -> UInt64 {
        nextID += 1
        let header = Header(
            kind: kind, requestID: nextID, timeoutMs: timeoutMs, traceID: traceID)
        let deadline = Clock.monotonic() + .milliseconds(Int64(timeoutMs))
        guard try socket.send(Frame.encode(header, body: body), until: deadline) else {
            throw .notConnected(socket.endpoint)
        }
        return nextID
    }

    /// The next answer to any question, or nil when none comes in time.
    package func receive(timeout: Duration) throws(RequestFailure) -> Answer? {
        try socket.receive(until: Clock.monotonic() + timeout)
    }

    /// One question, one answer; answers to older questions are dropped.
    package func ask<M: WireMessage, A: WireMessage>(
        _ kind: Kind, _ body: M, as answer: A.Type, timeout: Duration = .seconds(5)
    ) throws(RequestFailure) -> A {
        let deadline = Clock.monotonic() + timeout
        let id = try send(kind, body, timeoutMs: UInt32(clamping: timeout.milliseconds))
        while let found = try socket.receive(until: deadline) {
            if found.requestID == id { return try found.decode(as: A.self) }
        }
        throw .timedOut
    }
}
