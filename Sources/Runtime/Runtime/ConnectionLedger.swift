package import System

/// Which connections of a server take more than they may. Pure.
///
/// libzmq bounds frames, and counts whole messages that wait; the frames of a message that never
/// ends it keeps without a bound, and it shows nothing of them. So what a connection has received
/// is compared with what came out of it: if that is more than whole messages that wait can be, it
/// is such a message, and the connection is ended.
package struct ConnectionLedger: Sendable {
    package struct Limits: Sendable {
        /// Bytes of one connection that have not come out.
        package var unreadBytesMax: Int
        /// Connections of one key; also of all those together that have sent nothing yet.
        package var connectionsMax: Int

        package init(unreadBytesMax: Int, connectionsMax: Int) {
            self.unreadBytesMax = unreadBytesMax
            self.connectionsMax = connectionsMax
        }
    }

    /// Why connections are ended.
    package enum Verdict: Sendable, Equatable {
        case endlessMessage(TCPConnection, key: String?)
        case tooMany(TCPConnection, key: String?)
        case revoked(TCPConnection, key: String)
    }

    private struct Known {
        var peer: UInt64
        /// The order in which they came.
        var number: UInt64
        var key: String?
        /// Bytes that came out, never more than were received.
        var taken: UInt64 = 0
    }

    private struct Heard {
        var key: String
        var bytes: UInt64
    }

    /// What a frame is longer on its way, at most.
    private static let frameOverhead = 64

    private let limits: Limits
    private var known: [Int32: Known] = [:]
    private var numbers: UInt64 = 0
    /// What came out of which descriptor since the last look.
    private var heard: [Int32: Heard] = [:]

    package init(limits: Limits) { self.limits = limits }

    package var count: Int { known.count }

    /// A whole message of a key came out of a descriptor.
    package mutating func hear(_ descriptor: Int32, from key: String, bytes: Int, frames: Int) {
        heard[descriptor, default: Heard(key: key, bytes: 0)].bytes +=
            UInt64(bytes + frames * Self.frameOverhead)
    }

    /// Which of the connections there are now are to be ended; those of keys that are not `known`
    /// any more are.
    package mutating func look(
        _ connections: [TCPConnection], known isKnown: (String) -> Bool = { _ in true }
    ) -> [Verdict] {
        var next: [Int32: Known] = [:]
        var verdicts: [Verdict] = []
        var groups: [String?: [(number: UInt64, connection: TCPConnection)]] = [:]
        for connection in connections {
            var entry = known[connection.descriptor] ?? Known(peer: connection.peer, number: 0)
            if entry.number == 0 || entry.peer != connection.peer {
                numbers += 1
                entry = Known(peer: connection.peer, number: numbers)
            }
            if let heard = heard[connection.descriptor] {
                entry.key = heard.key
                entry.taken = min(entry.taken + heard.bytes, connection.received)
            }
            next[connection.descriptor] = entry
            if let key = entry.key, !isKnown(key) {
                verdicts.append(.revoked(connection, key: key))
            } else if connection.received - entry.taken > UInt64(limits.unreadBytesMax) {
                verdicts.append(.endlessMessage(connection, key: entry.key))
            } else {
                groups[entry.key, default: []].append((entry.number, connection))
            }
        }
        known = next
        heard.removeAll(keepingCapacity: true)
        for (key, group) in groups where group.count > limits.connectionsMax {
            // A key keeps those it has; of those that say nothing the newest may yet.
            let byAge = group.sorted { $0.number < $1.number }
            let extra = byAge.count - limits.connectionsMax
            let gone = key == nil ? byAge.prefix(extra) : byAge.suffix(extra)
            verdicts += gone.map { .tooMany($0.connection, key: key) }
        }
        return verdicts
    }
}
