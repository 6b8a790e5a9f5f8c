import SQLite

/// Leases in a small file, for the one supervisor of a data folder.
///
/// `synchronous=NORMAL`: a killed process loses no grant. After a power cut the newest may be gone,
/// and an epoch may be given again; but then no process holds it any more, and the partition's
/// store refuses it if it knows a later one, upon which a higher is granted.
package final class SQLiteLeases: Leases {
    static let format = 1

    private let database: Database
    private let put: Statement
    private let get: Statement

    /// Opens or makes the file; its folder must exist.
    package init(path: String) throws(StorageError) {
        do {
            var options = DatabaseOptions()
            options.synchronous = .normal
            let database = try Database(path: path, options: options)
            try Schema.prepare(database, format: Self.format, readOnly: false, tables: tables)
            self.database = database
            put = try database.prepare(
                """
                INSERT INTO leases VALUES (?, ?, ?) ON CONFLICT DO UPDATE
                SET epoch = excluded.epoch, holder = excluded.holder
                """)
            get = try database.prepare("SELECT epoch FROM leases WHERE partition = ?")
        } catch {
            throw StorageError(error)
        }
    }

    package func all() throws(StorageError) -> [Lease] {
        try storing {
            let rows = try database.prepare(
                "SELECT partition, epoch, holder FROM leases ORDER BY partition")
            var leases: [Lease] = []
            while try rows.step() {
                leases.append(
                    Lease(partition: rows.int(0), holder: rows.int(2), epoch: rows.bits(1)))
            }
            return leases
        }
    }

    package func grant(_ wishes: [LeaseWish]) throws(StorageError) -> [Lease] {
        try storing {
            try database.transaction {
                try wishes.map { wish in
                    let before = max(try epoch(of: wish.partition), wish.floor)
                    guard before < UInt64(Int64.max) else {
                        throw StorageError.corrupt(
                            "partition \(wish.partition) has epoch \(before)")
                    }
                    let epoch = before + 1
                    try put.bind(wish.partition, at: 1)
                    try put.bind(bits: epoch, at: 2)
                    try put.bind(wish.holder, at: 3)
                    try put.run()
                    return Lease(partition: wish.partition, holder: wish.holder, epoch: epoch)
                }
            }
        }
    }

    private func epoch(of partition: Int) throws -> UInt64 {
        try get.bind(partition, at: 1)
        defer { get.reset() }
        return try get.step() ? get.bits(0) : 0
    }
}

private let tables = """
    CREATE TABLE leases (partition INTEGER PRIMARY KEY, epoch INTEGER, holder INTEGER);
    """
