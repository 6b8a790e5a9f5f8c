package import Messages
import Synchronization
import System
package import ZeroMQ

/// The table of keys in force: one for everything of a process that asks it, for every message, so
/// that a key that is revoked is refused by the next one.
package final class AuthorisedKeys: Sendable {
    private struct State {
        var table: Authorisation
        var changedNs: Int64
    }

    private let file: String
    private let state: Mutex<State>

    /// Reads the table of a file.
    package init(file: String) throws(StartFailure) {
        self.file = file
        let changedNs = Self.changedNs(file)
        state = Mutex(State(table: try Authorisation.read(file).table, changedNs: changedNs))
    }

    package var table: Authorisation { state.withLock { $0.table } }
    package var users: [PublicKey: String] { table.users }

    package func allows(_ userID: String?, _ kind: Kind) -> Bool {
        state.withLock { $0.table.allows(userID, kind) }
    }

    package func name(of userID: String) -> String { state.withLock { $0.table.name(of: userID) } }

    /// Whether a key may do anything at all.
    package func knows(_ userID: String) -> Bool { state.withLock { $0.table.knows(userID) } }

    package func may(_ userID: String, _ verb: Authorisation.Verb) -> Bool {
        state.withLock { $0.table.may(userID, verb) }
    }

    /// How many keys are allowed something.
    package func count(allowed verb: Authorisation.Verb) -> Int { table.count(allowed: verb) }

    /// Puts another table in force.
    package func replace(_ table: Authorisation) { state.withLock { $0.table = table } }

    /// Reads the file again if it is another one than last; nil if it is not. A file that cannot be
    /// used is reported once and leaves the table as it is.
    package func refreshed() throws(StartFailure) -> Authorisation? {
        let changedNs = Self.changedNs(file)
        guard changedNs != state.withLock({ $0.changedNs }) else { return nil }
        state.withLock { $0.changedNs = changedNs }
        return try Authorisation.read(file).table
    }

    // Files that are replaced, as ours are, are as new as their content.
    private static func changedNs(_ file: String) -> Int64 { (try? Files.changedNs(file)) ?? 0 }
}
