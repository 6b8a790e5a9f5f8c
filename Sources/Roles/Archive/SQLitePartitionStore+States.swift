package import Events
package import Features
package import Runtime
package import Storage

extension DataFolder {
    /// By which users are placed in the state files of this folder; those of a version before are
    /// placed otherwise until their worker has opened them.
    package func userKeys() throws(StartFailure) -> UserKeys {
        UserKeys(try hashKey())
    }

    /// The folder's key for tables; before the first start, when nothing is ordered by it, any will
    /// do.
    package func hashKey() throws(StartFailure) -> HashKey {
        guard let secret = try HashSecret.load(self) else { return .open }
        return HashKey(secret.words)
    }
}

extension UserKeys {
    /// For stores that are to be ordered by this key.
    package var rows: RowKeying { RowKeying(check: check) { try place($0, $1) } }
}

extension SQLitePartitionStore {
    /// How far the shop's time has come by the partition's records. Where an earlier version wrote
    /// last, all states are read for it.
    package func newestMs() throws -> Int64 {
        try FoldTotals(totals()) { take in try forEachUser { take($1) } }.newestMs
    }

    /// The states of all users in a bucket, in a file that is in order.
    package func states(inBucket bucket: UInt64) throws -> [UserState] {
        var found: [UserState] = []
        for place in 0..<UserKeys.rowsPerBucket {
            guard let bytes = try loadUser(UserKeys.row(place, of: bucket)) else { break }
            found.append(try UserState(decoding: bytes.span))
        }
        return found
    }

    /// The state of a user, nil if there is none, whatever the file is ordered by.
    package func state(of userID: String, _ keys: UserKeys) throws -> UserState? {
        if try keyCheck() == keys.check { return try find(userID, keys) }
        // A worker may put the file in order at any moment.
        return try snapshot {
            switch try keyCheck() {
            case keys.check: try find(userID, keys)
            case nil: try findUnkeyed(userID)
            default: try findAmongAll(userID)
            }
        }
    }

    private func find(_ userID: String, _ keys: UserKeys) throws -> UserState? {
        var found: UserState?
        _ = try keys.firstRow(of: userID) { key in
            guard let bytes = try loadUser(key) else { return true }
            let state = try UserState(decoding: bytes.span)
            if state.userID == userID { found = state }
            return found != nil
        }
        return found
    }

    /// Versions before took XXH64, and the next number where that was another's.
    private func findUnkeyed(_ userID: String) throws -> UserState? {
        var key = XXH64.hash(userID)
        while let bytes = try loadUser(key) {
            let state = try UserState(decoding: bytes.span)
            if state.userID == userID { return state }
            key &+= 1
        }
        return nil
    }

    /// Of a folder that has another key, such as a copy that was not started yet.
    private func findAmongAll(_ userID: String) throws -> UserState? {
        var found: UserState?
        try forEachUser { _, bytes in
            guard found == nil else { return }
            let state = try UserState(decoding: bytes)
            if state.userID == userID { found = state }
        }
        return found
    }
}
