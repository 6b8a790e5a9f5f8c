import Messages
import SQLite

/// How whoever knows users places them in a partition's file: the store itself knows only numbers.
package struct RowKeying: Sendable {
    /// Says which secret it is, without giving it away; never 0.
    package let check: UInt64
    /// The key for the user of an encoded state, given which keys are taken.
    package let place:
        @Sendable (_ state: Span<UInt8>, _ isTaken: (UInt64) -> Bool) throws -> UInt64

    package init(
        check: UInt64,
        place:
            @escaping @Sendable (
                _ state: Span<UInt8>, _ isTaken: (UInt64) -> Bool
            ) throws -> UInt64
    ) {
        self.check = check
        self.place = place
    }
}

/// By which secret the rows of a file are found. A table of its own says it; files of versions
/// before have none, and their rows lie under hashes without a secret.
extension SQLitePartitionStore {
    private static let table = "user_keys"

    /// The check of the secret; nil in a file of a version before, which may change while this one
    /// is open for reading.
    package func keyCheck() throws(StorageError) -> UInt64? {
        if let knownCheck { return knownCheck }
        try storing {
            let exists = try database.integer(
                "SELECT count(*) FROM sqlite_schema WHERE name = '\(Self.table)'")
            guard exists == 1 else { return }
            knownCheck = try database.integer("SELECT key_check FROM \(Self.table) WHERE id = 1")
                .map { UInt64(bitPattern: $0) }
        }
        return knownCheck
    }

    /// Places every user anew if the file is ordered by another secret, or by none. In one
    /// transaction: it is done or not. Takes as much memory as the states of the partition.
    ///
    /// Whoever calls must have claimed the partition, so that nobody commits by the old order.
    ///
    /// - Returns: how many users were placed; nil where nothing was to be done.
    @discardableResult
    package func rekey(by keying: RowKeying) throws(StorageError) -> Int? {
        guard try keyCheck() != keying.check else { return nil }
        let count = try writing {
            let rows = try placed(by: keying)
            try database.execute("DELETE FROM users")
            try put(rows)
            let columns = "id INTEGER PRIMARY KEY, key_check INTEGER"
            try database.execute("CREATE TABLE IF NOT EXISTS \(Self.table) (\(columns))")
            let check = Int64(bitPattern: keying.check)
            try database.execute("INSERT OR REPLACE INTO \(Self.table) VALUES (1, \(check))")
            return rows.count
        }
        knownCheck = keying.check
        return count
    }

    private func placed(by keying: RowKeying) throws -> StateRows {
        var rows = StateRows()
        var taken: Set<UInt64> = []
        try forEachUser { old, state in
            let key: UInt64
            do {
                key = try keying.place(state) { taken.contains($0) }
            } catch {
                throw StorageError.corrupt("the user under \(old) has no place: \(error)")
            }
            taken.insert(key)
            rows.append(key) { $0.append(state) }
        }
        return rows
    }
}
