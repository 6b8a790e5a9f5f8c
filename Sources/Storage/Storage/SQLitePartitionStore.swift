import Messages
package import SQLite

/// The state of one partition in a file of its own, so that it can change owners by itself.
///
/// `synchronous=NORMAL`: after a power cut the last commits may be gone, each as a whole; they are
/// folded again from the event log, which is durable. A killed process loses nothing.
package final class SQLitePartitionStore: PartitionStore {
    static let format = 1

    package let partition: Int
    let database: Database
    private let putUser: Statement
    private let putOutbox: Statement
    private let putMeta: Statement
    private let putEpoch: Statement
    private let trim: Statement
    private let getUser: Statement
    private let getMeta: Statement
    private let getOutbox: Statement
    private var failure: StorageError?
    /// The log that commits are folded from, for the marks; without one there are none.
    package var logIdentity: LogIdentity?
    /// Entries for the trainer that are kept, at least; 0 keeps all.
    package var outboxEntriesMax = 0

    /// The path of a partition's file below the data folder's `state` folder.
    package static func path(folder: String, partition: Int) -> String {
        "\(folder)/\(partition).sqlite"
    }

    /// Opens `<folder>/<partition>.sqlite`; the folder must exist.
    package convenience init(
        folder: String, partition: Int, readOnly: Bool = false
    ) throws(StorageError) {
        var options = DatabaseOptions()
        options.readOnly = readOnly
        options.synchronous = .normal
        // Users are updated at random places: small pages rewrite less, and a transaction that
        // spilled from a cache this small would write many of its pages twice.
        options.pageSize = 4_096
        options.cacheBytes = 2 << 20
        options.spillsCache = false
        options.mmapBytes = 256 << 20
        options.checkpointPages = 4_000
        options.copiesLogAside = true
        options.journalBytes = 16 << 20
        try self.init(
            path: Self.path(folder: folder, partition: partition), partition: partition,
            options: options)
    }

    /// Opens a partition with the connection's options chosen by the caller.
    package init(path: String, partition: Int, options: DatabaseOptions) throws(StorageError) {
        self.partition = partition
        do {
            let database = try Database(path: path, options: options)
            try Schema.prepare(
                database, format: Self.format, readOnly: options.readOnly, tables: tables)
            self.database = database
            putUser = try database.prepare(
                "INSERT INTO users VALUES (?, ?) ON CONFLICT DO UPDATE SET state = excluded.state")
            putOutbox = try database.prepare("INSERT INTO outbox VALUES (?, ?, ?)")
            putMeta = try database.prepare(
                """
                UPDATE meta SET applied = ?, outbox_end = ?, totals = coalesce(?, totals)
                WHERE id = 1
                """)
            putEpoch = try database.prepare("UPDATE meta SET epoch = ? WHERE id = 1")
            trim = try database.prepare(
                """
                DELETE FROM outbox WHERE first_offset IN (
                    SELECT first_offset FROM outbox WHERE first_offset + count <= ?
                    ORDER BY first_offset LIMIT 16)
                """)
            getUser = try database.prepare("SELECT state FROM users WHERE key = ?")
            getMeta = try database.prepare(
                "SELECT epoch, applied, outbox_end, totals FROM meta WHERE id = 1")
            getOutbox = try database.prepare(
                """
                SELECT first_offset, count, entries FROM outbox WHERE first_offset >=
                coalesce((SELECT max(first_offset) FROM outbox WHERE first_offset <= ?1), ?1)
                ORDER BY first_offset
                """)
        } catch {
            throw StorageError(error)
        }
    }

    package func claim(epoch: UInt64) throws(StorageError) {
        try writing {
            let stored = try meta().epoch
            guard stored <= epoch else { throw StorageError.fenced(stored: stored) }
            try putEpoch.bind(bits: epoch, at: 1)
            try putEpoch.run()
        }
    }

    package func commit(_ commit: PartitionCommit) throws(StorageError) -> UInt64 {
        for block in commit.outbox where block.count <= 0 && !block.records.isEmpty {
            throw .invalid("outbox block of \(block.count) entries")
        }
        return try writing {
            var meta = try meta()
            guard meta.epoch == commit.epoch else {
                throw StorageError.fenced(stored: meta.epoch)
            }
            guard meta.applied <= commit.appliedOffset else {
                throw StorageError.invalid(
                    "applied offset \(commit.appliedOffset) lies before \(meta.applied)")
            }
            let states = commit.users.bytes.span
            for row in Self.writingOrder(of: commit.users.rows) {
                try putUser.bind(bits: row.key, at: 1)
                try putUser.run(lending: states.extracting(row.range), at: 2)
            }
            for block in commit.outbox where block.count > 0 {
                try putOutbox.bind(bits: meta.outboxEnd, at: 1)
                try putOutbox.bind(block.count, at: 2)
                try putOutbox.run(lending: block.records.span, at: 3)
                meta.outboxEnd += UInt64(block.count)
            }
            if !commit.outbox.isEmpty { try trimOutbox(end: meta.outboxEnd) }
            try putMeta.bind(bits: commit.appliedOffset, at: 1)
            try putMeta.bind(bits: meta.outboxEnd, at: 2)
            if let totals = commit.totals {
                try putMeta.bind(totals, at: 3)
            } else {
                try putMeta.bindNull(at: 3)
            }
            try putMeta.run()
            if let mark = commit.mark, let logIdentity { try store(mark, of: logIdentity) }
            return meta.outboxEnd
        }
    }

    /// Drops blocks of which no entry is among the newest; a few at a time, so that the first time
    /// in an old store takes no longer than others.
    private func trimOutbox(end: UInt64) throws {
        guard outboxEntriesMax > 0, end > UInt64(outboxEntriesMax) else { return }
        try trim.bind(bits: end - UInt64(outboxEntriesMax), at: 1)
        try trim.run()
    }

    /// Lets the file grow by so many pages more; commits beyond that are refused as `diskFull`.
    package func limitGrowth(pages: Int) throws(StorageError) {
        try storing { try database.limit(pages: try database.pageCount() + pages) }
    }

    package func loadUser(_ key: UInt64) throws(StorageError) -> [UInt8]? {
        try storing {
            try getUser.bind(bits: key, at: 1)
            defer { getUser.reset() }
            return try getUser.step() ? getUser.bytes(0) : nil
        }
    }

    package func forEachUser(
        _ body: (UInt64, Span<UInt8>) throws -> Void
    ) throws(StorageError) {
        try storing {
            let users = try database.prepare("SELECT key, state FROM users ORDER BY key")
            while try users.step() {
                let key = users.bits(0)
                try users.withBytes(1) { state in try body(key, state) }
            }
        }
    }

    package func userCount() throws(StorageError) -> Int {
        try storing { Int(try database.integer("SELECT count(*) FROM users") ?? 0) }
    }

    package func isEmpty() throws(StorageError) -> Bool {
        // Counting would read every page of the file: seconds for a million users.
        try storing { try database.integer("SELECT EXISTS (SELECT 1 FROM users)") == 0 }
    }

    package func epoch() throws(StorageError) -> UInt64 {
        try storing { try meta().epoch }
    }

    package func appliedOffset() throws(StorageError) -> UInt64 {
        try storing { try meta().applied }
    }

    package func outboxEnd() throws(StorageError) -> UInt64 {
        try storing { try meta().outboxEnd }
    }

    package func totals() throws(StorageError) -> [UInt8] {
        try storing {
            defer { getMeta.reset() }
            return try getMeta.step() ? getMeta.bytes(3) : []
        }
    }

    package func readOutbox(
        from offset: UInt64, maxBytes: Int
    ) throws(StorageError) -> [StoredBlock] {
        try storing {
            try getOutbox.bind(bits: offset, at: 1)
            defer { getOutbox.reset() }
            var found: [StoredBlock] = []
            var bytes = 0
            while bytes < maxBytes || found.isEmpty, try getOutbox.step() {
                let block = StoredBlock(
                    partition: partition, firstOffset: getOutbox.bits(0), count: getOutbox.int(1),
                    records: getOutbox.bytes(2), receivedMs: 0)
                if block.endOffset <= offset { continue }
                if !found.isEmpty, bytes + block.records.count > maxBytes { break }
                bytes += block.records.count
                found.append(block)
            }
            return found
        }
    }

    /// The file's own order, which touches each page once; of equal keys the last one stays.
    private static func writingOrder(of rows: [StateRows.Row]) -> [StateRows.Row] {
        func place(_ row: StateRows.Row) -> (Int64, Int, Int) {
            (Int64(bitPattern: row.key), row.range.lowerBound, row.range.upperBound)
        }
        return rows.sorted { place($0) < place($1) }
    }

    private struct Meta {
        var epoch: UInt64
        var applied: UInt64
        var outboxEnd: UInt64
    }

    private func meta() throws -> Meta {
        defer { getMeta.reset() }
        guard try getMeta.step() else { throw StorageError.corrupt("the partition's meta row") }
        return Meta(
            epoch: getMeta.bits(0), applied: getMeta.bits(1), outboxEnd: getMeta.bits(2))
    }

    private func writing<Value>(_ body: () throws -> Value) throws(StorageError) -> Value {
        if let failure { throw failure }
        do {
            return try database.transaction(body)
        } catch {
            let error = StorageError(error)
            if case .fatal = error { failure = error }
            throw error
        }
    }
}

private let tables = """
    CREATE TABLE users (key INTEGER PRIMARY KEY, state BLOB);
    CREATE TABLE outbox (first_offset INTEGER PRIMARY KEY, count INTEGER, entries BLOB);
    CREATE TABLE meta (
        id INTEGER PRIMARY KEY, epoch INTEGER, applied INTEGER, outbox_end INTEGER, totals BLOB);
    INSERT INTO meta VALUES (1, 0, 0, 0, x'');
    """
