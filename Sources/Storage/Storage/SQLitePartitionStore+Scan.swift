import SQLite

extension SQLitePartitionStore {
    /// Lends the next users in the order of their keys, so that a long walk can be made in steps,
    /// each of which sees the states of its moment.
    /// - Returns: the key to go on after; nil when there is none left.
    package func readUsers(
        after key: UInt64?, limit: Int, _ body: (UInt64, Span<UInt8>) throws -> Void
    ) throws(StorageError) -> UInt64? {
        try storing {
            // Keys lie in the order of signed numbers.
            let users = try database.prepare(
                "SELECT key, state FROM users WHERE key > ? OR ? ORDER BY key LIMIT ?")
            try users.bind(bits: key ?? 0, at: 1)
            try users.bind(key == nil ? 1 : 0, at: 2)
            try users.bind(limit, at: 3)
            var last: UInt64?
            var count = 0
            while try users.step() {
                let key = users.bits(0)
                try users.withBytes(1) { state in try body(key, state) }
                last = key
                count += 1
            }
            return count < limit ? nil : last
        }
    }
}
