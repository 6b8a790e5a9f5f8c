import SQLite

/// Marks files as Limn's and refuses those of another format.
enum Schema {
    // "Limn" in ASCII; shown by file(1) and checked at every opening.
    static let applicationID: Int64 = 0x4c69_6d6e

    /// Makes the tables of a new file. `changes` says how a file of an earlier format becomes one
    /// of the next: a writer does so at once, a reader takes the file as it is.
    ///
    /// - Returns: the format that the file has now.
    @discardableResult
    static func prepare(
        _ database: Database, format: Int, readOnly: Bool, tables: String,
        changes: [Int: String] = [:]
    ) throws -> Int {
        let application = try database.integer("PRAGMA application_id") ?? 0
        let found = try database.integer("PRAGMA user_version") ?? 0
        if application == applicationID {
            if found < Int64(format), changes[Int(found)] != nil {
                if readOnly { return Int(found) }
                try database.transaction {
                    for old in Int(found)..<format { try database.execute(changes[old] ?? "") }
                    try database.execute("PRAGMA user_version = \(format)")
                }
                return format
            }
            guard found == Int64(format) else {
                throw StorageError.wrongFormat(found: Int(found), expected: format)
            }
            return format
        }
        let isEmpty = try database.integer("SELECT count(*) FROM sqlite_schema") == 0
        // Its writer has made the file and not yet its tables, which come in one transaction.
        if application == 0, isEmpty, readOnly {
            throw StorageError.busy("\(database.path) is only being made")
        }
        guard application == 0, isEmpty else {
            throw StorageError.corrupt("\(database.path) is not a file of Limn's")
        }
        try database.transaction {
            try database.execute(tables)
            try database.execute("PRAGMA application_id = \(applicationID)")
            try database.execute("PRAGMA user_version = \(format)")
        }
        return format
    }
}
