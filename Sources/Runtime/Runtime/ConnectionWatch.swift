import Synchronization
import System
import ZeroMQ

/// Looks after the TCP connections of one server socket, some ten times per second, and ends those
/// that take more than they may. Connections of the local socket are not looked at: whoever may
/// open that may end the process as well.
final class ConnectionWatch: Sendable {
    private static let every: Duration = .milliseconds(100)

    private struct State {
        var ledger: ConnectionLedger
        var cut: UInt64 = 0
    }

    private let state: Mutex<State>
    private let ports: Set<UInt16>
    private let log: Log
    private let authorisation: AuthorisedKeys

    /// Nil where nothing is bound to TCP.
    init?(_ role: SocketRole, environment: RoleEnvironment, endpoints: [String]) {
        ports = Set(endpoints.compactMap { TCPEndpoint($0).map { UInt16($0.port) } })
        guard !ports.isEmpty else { return nil }
        log = environment.log
        authorisation = environment.authorisation
        state = Mutex(
            State(
                ledger: ConnectionLedger(
                    limits: ConnectionLedger.Limits(
                        unreadBytesMax: role.unreadBytesMax,
                        connectionsMax: Limits.connectionsPerKey))))
        environment.loop.schedule(after: Self.every, repeating: Self.every) { [weak self] in
            self?.look()
        }
    }

    /// Connections that were ended since the start.
    var cut: UInt64 { state.withLock { $0.cut } }

    /// A whole message of a key came out.
    func hear(_ delivery: borrowing Delivery, from key: String) {
        let (descriptor, bytes) = (delivery.payload.descriptor, delivery.bytes)
        let frames = delivery.frameCount
        state.withLock { $0.ledger.hear(descriptor, from: key, bytes: bytes, frames: frames) }
    }

    private func look() {
        let connections: [TCPConnection]
        do throws(SystemError) {
            connections = try TCPConnection.all(at: ports)
        } catch {
            return log.warning("connections not seen", ["error": "\(error)"])
        }
        let verdicts = state.withLock { state in
            let verdicts = state.ledger.look(connections) { authorisation.knows($0) }
            state.cut += UInt64(verdicts.count)
            return verdicts
        }
        guard let first = verdicts.first else { return }
        for verdict in verdicts {
            switch verdict {
            case .endlessMessage(let connection, _), .tooMany(let connection, _),
                .revoked(let connection, _):
                connection.cut()
            }
        }
        let (why, key) =
            switch first {
            case .endlessMessage(_, let key): ("a message without an end", key)
            case .tooMany(_, let key): ("too many connections of one key", key)
            case .revoked(_, let key): ("a key that is no longer known", key)
            }
        log.warning(
            "connections cut",
            [
                "why": why, "key": key.map { authorisation.name(of: $0) } ?? "not known yet",
                "count": "\(verdicts.count)",
            ])
    }
}
