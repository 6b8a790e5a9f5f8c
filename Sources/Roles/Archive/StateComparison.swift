import Features
import Messages
package import Storage
import System

/// What a partition's states are worth comparing by.
package struct StateDigest: Sendable, Equatable {
    /// SHA-256 over key, length and state of every user in the order of keys.
    package var sha256: String
    package var users: Int
    /// Keys of rows that are not as they were written.
    package var damaged: [UInt64] = []

    /// Reads every state of a store.
    package init(of store: SQLitePartitionStore) throws(StorageError) {
        var hash = SHA256()
        var users = 0
        var damaged: [UInt64] = []
        try store.forEachUser(damaged: { damaged.append($0) }) { key, state in
            var head: [UInt8] = []
            for shift in stride(from: 0, to: 64, by: 8) {
                head.append(UInt8(truncatingIfNeeded: key >> UInt64(shift)))
            }
            for shift in stride(from: 0, to: 32, by: 8) {
                head.append(UInt8(truncatingIfNeeded: state.count >> shift))
            }
            hash.update(head)
            hash.update(state)
            users += 1
        }
        sha256 = hash.finishHex()
        self.users = users
        self.damaged = damaged
    }
}

extension StateDigest {
    /// What is wrong with rows, nil where each is as it was written.
    var problem: String? {
        guard let first = damaged.first else { return nil }
        return "\(damaged.count) states are not as they were written, first under key \(first)"
    }
}

/// One user whose stored state is not what the log makes of it.
package struct UserDifference: Sendable, Equatable {
    package var key: UInt64
    /// Empty when neither state can be read.
    package var userID: String
    /// Field by field: "spend: 12.5, should be 13.0".
    package var fields: [String]

    /// How two encoded states of one key differ; nil when they do not.
    package init?(key: UInt64, stored: [UInt8]?, rebuilt: [UInt8]?) {
        guard stored != rebuilt else { return nil }
        self.key = key
        let found = stored.flatMap { try? UserState(decoding: $0.span) }
        let wanted = rebuilt.flatMap { try? UserState(decoding: $0.span) }
        userID = wanted?.userID ?? found?.userID ?? ""
        switch (stored, rebuilt) {
        case (nil, _): fields = ["the user is missing"]
        case (_, nil): fields = ["the log has no such user"]
        default:
            guard let found else {
                fields = ["the stored state cannot be read"]
                return
            }
            guard let wanted else {
                fields = ["the rebuilt state cannot be read"]
                return
            }
            fields = Self.fields(found, wanted)
            if fields.isEmpty { fields = ["the same values in other bytes"] }
        }
    }

    private static func fields(_ found: UserState, _ wanted: UserState) -> [String] {
        let left = Mirror(reflecting: found).children
        let right = Mirror(reflecting: wanted).children
        return zip(left, right).compactMap { found, wanted in
            let (one, other) = ("\(found.value)", "\(wanted.value)")
            guard one != other else { return nil }
            return "\(found.label ?? "?"): \(clip(one)), should be \(clip(other))"
        }
    }

    private static func clip(_ text: String) -> String {
        text.count > 120 ? text.prefix(117) + "…" : text
    }
}

extension UserDifference {
    /// The first differences between two stores, and how many there are.
    static func find(
        stored: SQLitePartitionStore, rebuilt: SQLitePartitionStore, most: Int
    ) throws -> (first: [UserDifference], count: Int) {
        var first: [UserDifference] = []
        var count = 0
        func note(_ difference: UserDifference?) {
            guard let difference else { return }
            count += 1
            if first.count < most { first.append(difference) }
        }
        try rebuilt.forEachUser { key, state in
            let bytes = state.array(0..<state.count)
            note(UserDifference(key: key, stored: try stored.rawUser(key), rebuilt: bytes))
        }
        try stored.forEachUser(damaged: { _ in }) { key, state in
            guard try rebuilt.loadUser(key) == nil else { return }
            note(UserDifference(key: key, stored: state.array(0..<state.count), rebuilt: nil))
        }
        return (first, count)
    }
}
