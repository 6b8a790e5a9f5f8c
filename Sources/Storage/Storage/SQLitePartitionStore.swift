import Messages
package import SQLite

/// The state of one partition in a file of its own, so that it can change owners by itself.
///
/// `synchronous=NORMAL`: after a power cut the last commits may be gone, each as a whole; they are
/// folded again from the event log, which is durable. A killed process loses nothing.
package final class SQLitePartitionStore: PartitionStore {
    /// 2 since rows have a sum. A file of format 1 gets the columns when a worker opens it; its
    /// rows stay as they are until they are written next.
    static let format = 2

    package let partition: Int
    let database: Database
    /// Expression for the sum of a row: a reader leaves a file of format 1 as it is.
    let sumColumn: String
    /// Nil for readers.
    private let writes: PartitionWrites?
    private let getUser: Statement
    private let getMeta: Statement
    private let getOutbox: Statement
    private var failure: StorageError?
    /// As read or written last.
    private var known: PartitionMeta?
    /// The log that commits are folded from, for the marks; without one there are none.
    package var logIdentity: LogIdentity?
    /// Entries for the trainer that are kept, at least; 0 keeps all.
    package var outboxEntriesMax = 0
    /// See ``keyCheck()``.
    var knownCheck: UInt64?
    /// Made with the first mark, together with its table, and kept for the next ones.
    var putMark: Statement?

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
            let format = try Schema.prepare(
                database, format: Self.format, readOnly: options.readOnly, tables: tables,
                changes: [1: firstChanges])
            self.database = database
            let hasSums = format > 1
            let sum = hasSums ? "sum" : "NULL"
            sumColumn = sum
            writes = options.readOnly ? nil : try PartitionWrites(database)
            getUser = try database.prepare("SELECT state, \(sum) FROM users WHERE key = ?")
            getMeta = try database.prepare(
                """
                SELECT epoch, applied, outbox_end, totals, \(sum), \(hasSums ? "unsummed" : "1")
                FROM meta WHERE id = 1
                """)
            getOutbox = try database.prepare(
                """
                SELECT first_offset, count, entries, \(sum) FROM outbox WHERE first_offset >=
                coalesce((SELECT max(first_offset) FROM outbox WHERE first_offset <= ?1), ?1)
                ORDER BY first_offset
                """)
        } catch {
            throw StorageError(error)
        }
    }

    package func claim(epoch: UInt64) throws(StorageError) {
        guard epoch < PartitionMeta.numberMax else { throw .invalid("epoch \(epoch)") }
        try writing {
            var meta = try meta()
            guard meta.epoch <= epoch else { throw StorageError.fenced(stored: meta.epoch) }
            meta.epoch = epoch
            try put(meta)
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
            try put(commit.users)
            for block in commit.outbox where block.count > 0 {
                try writes?.put(block, first: meta.outboxEnd)
                meta.outboxEnd += UInt64(block.count)
            }
            if !commit.outbox.isEmpty { try trimOutbox(end: meta.outboxEnd) }
            meta.applied = commit.appliedOffset
            if let totals = commit.totals { meta.totals = totals }
            try put(meta)
            if let mark = commit.mark, let logIdentity { try store(mark, of: logIdentity) }
            return meta.outboxEnd
        }
    }

    /// Writes states; within a transaction.
    func put(_ users: StateRows) throws {
        let states = users.bytes.span
        for row in Self.writingOrder(of: users.rows) {
            try writes?.put(row.key, states.extracting(row.range))
        }
    }

    private func put(_ meta: PartitionMeta) throws {
        try writes?.put(meta)
        known = meta
    }

    /// Drops blocks of which no entry is among the newest; a few at a time, so that the first time
    /// in an old store takes no longer than others.
    private func trimOutbox(end: UInt64) throws {
        guard outboxEntriesMax > 0, end > UInt64(outboxEntriesMax) else { return }
        try writes?.trim(before: end - UInt64(outboxEntriesMax))
    }

    /// Lets the file grow by so many pages more; commits beyond that are refused as `diskFull`.
    package func limitGrowth(pages: Int) throws(StorageError) {
        try storing { try database.limit(pages: try database.pageCount() + pages) }
    }

    package func loadUser(_ key: UInt64) throws(StorageError) -> [UInt8]? {
        try storing {
            let check = try check()
            try getUser.bind(bits: key, at: 1)
            defer { getUser.reset() }
            guard try getUser.step() else { return nil }
            let state = getUser.bytes(0)
            try check.require(getUser, column: 1, RowSum.user(key, state.span)) {
                Self.name(ofUser: key)
            }
            return state
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
        try storing { try meta().totals }
    }

    package func readOutbox(
        from offset: UInt64, maxBytes: Int
    ) throws(StorageError) -> [StoredBlock] {
        try storing {
            try getOutbox.bind(bits: offset, at: 1)
            defer { getOutbox.reset() }
            var found: [StoredBlock] = []
            var bytes = 0
            let check = try check()
            while bytes < maxBytes || found.isEmpty, try getOutbox.step() {
                let block = StoredBlock(
                    partition: partition, firstOffset: getOutbox.bits(0), count: getOutbox.int(1),
                    records: getOutbox.bytes(2), receivedMs: 0)
                guard block.firstOffset < PartitionMeta.numberMax,
                    (1...Int(Int32.max)).contains(block.count)
                else { throw StorageError.corrupt("an outbox block of \(block.count) entries") }
                let sum = RowSum.block(
                    first: block.firstOffset, count: block.count, block.records.span)
                try check.require(getOutbox, column: 3, sum) {
                    "the outbox block at \(block.firstOffset)"
                }
                if block.endOffset <= offset { continue }
                if !found.isEmpty, bytes + block.records.count > maxBytes { break }
                bytes += block.records.count
                found.append(block)
            }
            guard try !found.isEmpty || offset >= meta().outboxEnd else {
                throw StorageError.corrupt("the outbox has nothing from \(offset) on")
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

    static func name(ofUser key: UInt64) -> String {
        "the state of the user under key \(key)"
    }

    /// Which rows are believed; read from the file once.
    func check() throws -> SumCheck {
        SumCheck(acceptsUnsummed: try (known ?? meta()).acceptsUnsummed)
    }

    private func meta() throws -> PartitionMeta {
        defer { getMeta.reset() }
        guard try getMeta.step() else { throw StorageError.corrupt("the partition's meta row") }
        let meta = PartitionMeta(
            epoch: getMeta.bits(0), applied: getMeta.bits(1), outboxEnd: getMeta.bits(2),
            totals: getMeta.bytes(3), acceptsUnsummed: getMeta.int(5) == 1)
        try SumCheck(acceptsUnsummed: meta.acceptsUnsummed)
            .require(getMeta, column: 4, meta.sum) { "what the partition says of itself" }
        guard max(meta.epoch, meta.applied, meta.outboxEnd) < PartitionMeta.numberMax else {
            throw StorageError.corrupt("the partition's meta row has numbers beyond all bounds")
        }
        known = meta
        return meta
    }

    func writing<Value>(_ body: () throws -> Value) throws(StorageError) -> Value {
        if let failure { throw failure }
        guard writes != nil else { throw .notWritable("the partition is open for reading only") }
        do {
            return try database.transaction(body)
        } catch {
            // The table it needs may have gone with what was taken back.
            putMark = nil
            let error = StorageError(error)
            if case .fatal = error { failure = error }
            throw error
        }
    }
}

private let tables = """
    CREATE TABLE users (key INTEGER PRIMARY KEY, state BLOB, sum INTEGER);
    CREATE TABLE outbox (
        first_offset INTEGER PRIMARY KEY, count INTEGER, entries BLOB, sum INTEGER);
    CREATE TABLE meta (
        id INTEGER PRIMARY KEY, epoch INTEGER, applied INTEGER, outbox_end INTEGER, totals BLOB,
        sum INTEGER, unsummed INTEGER);
    INSERT INTO meta VALUES (1, 0, 0, 0, x'', \(PartitionMeta().sum), 0);
    """

/// Columns and one row, whatever the size of the file. `unsummed` has no default: a row that damage
/// has made shorter must not pass for one that was never to have a sum.
private let firstChanges = """
    ALTER TABLE users ADD COLUMN sum INTEGER;
    ALTER TABLE outbox ADD COLUMN sum INTEGER;
    ALTER TABLE meta ADD COLUMN sum INTEGER;
    ALTER TABLE meta ADD COLUMN unsummed INTEGER;
    UPDATE meta SET unsummed = 1;
    """
