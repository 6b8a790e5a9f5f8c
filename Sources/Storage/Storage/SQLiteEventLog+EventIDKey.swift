import SQLite

extension SQLiteEventLog {
    /// The secret under which the ids of ``LogNotes/eventIDs`` are hashed; `made` if there is none.
    /// It belongs to the log, because ids are kept as hashes only and could not be hashed anew: a
    /// copy of the log in another folder must know them still.
    package func eventIDKey(_ made: @autoclosure () -> [UInt8]) throws(StorageError) -> [UInt8] {
        guard !readOnly else { throw .notWritable("the log is open for reading only") }
        let table = "event_id_key"
        return try storing {
            try database.transaction {
                try database.execute(
                    "CREATE TABLE IF NOT EXISTS \(table) (id INTEGER PRIMARY KEY, key BLOB)")
                let find = try database.prepare("SELECT key FROM \(table) WHERE id = 1")
                if try find.step() { return find.bytes(0) }
                let add = try database.prepare("INSERT INTO \(table) VALUES (1, ?)")
                let key = made()
                try add.bind(key, at: 1)
                try add.run()
                return key
            }
        }
    }
}
