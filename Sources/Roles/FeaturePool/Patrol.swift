import Features
import Storage

/// Reads all that is stored again and again, a little at a time: what nobody asks for would else
/// stay damaged until somebody does, and until then every reader of all users has an error.
struct Patrol {
    /// A thousand users of a worker at most in a second: nothing beside its work.
    static let every: Duration = .milliseconds(50)
    private static let users = 50

    private var partition = -1
    private var after: UInt64?
    private var nextAt: Duration = .zero

    /// Looks at the next users; the damaged partition, and why.
    mutating func step(
        _ owned: [Int: OwnedPartition], order: [Int], at now: Duration
    ) -> (partition: Int, error: any Error)? {
        guard now >= nextAt, let first = order.first else { return nil }
        nextAt = now + Self.every
        if owned[partition] == nil || after == nil {
            partition = order.first { $0 > partition } ?? first
            after = nil
        }
        guard let store = owned[partition]?.store else { return nil }
        do {
            after = try store.readUsers(after: after, limit: Self.users) { _, state in
                guard !state.isEmpty, state[0] == UserState.formatVersion else {
                    throw StorageError.corrupt("a state of an unknown version")
                }
            }
            return nil
        } catch {
            after = nil
            return (partition, error)
        }
    }
}
