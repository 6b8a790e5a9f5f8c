import SQLite

extension SQLitePartitionStore {
    /// Lends every user's state in the order of the keys; ends with `corrupt` at the first that is
    /// not as it was written.
    package func forEachUser(
        _ body: (UInt64, Span<UInt8>) throws -> Void
    ) throws(StorageError) {
        try forEachUser(
            damaged: { key in
                throw StorageError.corrupt("\(Self.name(ofUser: key)) is not as it was written")
            }, body)
    }

    /// The same for whoever wants to know all that is damaged: `damaged` is told the key of a row
    /// that is not as it was written, before it is lent like the others.
    package func forEachUser(
        damaged: (UInt64) throws -> Void, _ body: (UInt64, Span<UInt8>) throws -> Void
    ) throws(StorageError) {
        try storing {
            let check = try check()
            let users = try database.prepare(
                "SELECT key, state, \(sumColumn) FROM users ORDER BY key")
            while try users.step() {
                let key = users.bits(0)
                try users.withBytes(1) { state in
                    if !check.holds(users, column: 2, RowSum.user(key, state)) { try damaged(key) }
                    try body(key, state)
                }
            }
        }
    }

    /// The stored bytes of a user, sound or not.
    package func rawUser(_ key: UInt64) throws(StorageError) -> [UInt8]? {
        try storing {
            let user = try database.prepare("SELECT state FROM users WHERE key = ?")
            try user.bind(bits: key, at: 1)
            return try user.step() ? user.bytes(0) : nil
        }
    }

    /// Lends the next users in the order of their keys, so that a long walk can be made in steps,
    /// each of which sees the states of its moment.
    /// - Returns: the key to go on after; nil when there is none left.
    package func readUsers(
        after key: UInt64?, limit: Int, _ body: (UInt64, Span<UInt8>) throws -> Void
    ) throws(StorageError) -> UInt64? {
        try storing {
            let check = try check()
            // Keys lie in the order of signed numbers.
            let users = try database.prepare(
                """
                SELECT key, state, \(sumColumn) FROM users WHERE key > ? OR ? ORDER BY key LIMIT ?
                """)
            try users.bind(bits: key ?? 0, at: 1)
            try users.bind(key == nil ? 1 : 0, at: 2)
            try users.bind(limit, at: 3)
            var last: UInt64?
            var count = 0
            while try users.step() {
                let key = users.bits(0)
                try users.withBytes(1) { state in
                    try check.require(users, column: 2, RowSum.user(key, state)) {
                        Self.name(ofUser: key)
                    }
                    try body(key, state)
                }
                last = key
                count += 1
            }
            return count < limit ? nil : last
        }
    }
}
