import CSQLite
import Glibc

/// One connection to one database file, for the use of one thread at a time.
@safe package final class Database {
    /// The path given at opening.
    package let path: String
    let connection: OpaquePointer
    private let logCopy: LogCopy?

    /// Opens the file, creating it unless read-only, in WAL mode with the options applied.
    package init(path: String, options: DatabaseOptions = .init()) throws(SQLiteError) {
        var handle: OpaquePointer?
        let access =
            options.readOnly
            ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        if !options.readOnly { Self.makeFile(path) }
        let flags = access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        let code = unsafe sqlite3_open_v2(path, &handle, flags, nil)
        guard code == SQLITE_OK, let opened = unsafe handle else {
            let text = unsafe String(cString: sqlite3_errstr(code))
            unsafe sqlite3_close_v2(handle)
            throw SQLiteError(extendedCode: code, message: "\(text): \(path)", operation: "open")
        }
        self.path = path
        unsafe self.connection = opened
        let isAside = options.copiesLogAside && !options.readOnly
        logCopy = isAside ? LogCopy(path: path, pagesMax: options.checkpointPages) : nil
        try apply(options)
        if let logCopy {
            unsafe logCopy.install(on: connection)
            // Whoever closes would wait for the disk as whoever commits would.
            _ = unsafe limn_sqlite_leave_log_on_close(connection)
        }
    }

    /// Makes a new file for its owner alone; SQLite gives its write-ahead log the same mode, and
    /// would let everybody read both. A file that is there, or cannot be made, is for SQLite to
    /// judge.
    static func makeFile(_ path: String) {
        let file = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if file >= 0 { close(file) }
    }

    deinit {
        // Statements hold the database, so none is left; close_v2 would defer, never fail. None may
        // be held here, or neither would ever go.
        unsafe sqlite3_close_v2(connection)
    }

    private func apply(_ options: DatabaseOptions) throws(SQLiteError) {
        unsafe sqlite3_busy_timeout(connection, options.busyTimeoutMs)
        if !options.readOnly {
            // The page size only takes effect before the first write, so it comes first.
            try execute("PRAGMA page_size = \(options.pageSize)")
            try execute("PRAGMA journal_mode = WAL")
            try execute("PRAGMA synchronous = \(options.synchronous.rawValue)")
            try execute("PRAGMA wal_autocheckpoint = \(options.checkpointPages)")
            try execute("PRAGMA journal_size_limit = \(options.journalBytes)")
        }
        try execute("PRAGMA cache_size = -\(max(1, options.cacheBytes / 1024))")
        if !options.spillsCache { try execute("PRAGMA cache_spill = OFF") }
        try execute("PRAGMA mmap_size = \(options.mmapBytes)")
        try execute("PRAGMA temp_store = MEMORY")
    }

    /// Prepares one statement for repeated use.
    package func prepare(_ sql: String) throws(SQLiteError) -> Statement {
        var handle: OpaquePointer?
        let flags = UInt32(SQLITE_PREPARE_PERSISTENT)
        let code = unsafe sqlite3_prepare_v3(connection, sql, -1, flags, &handle, nil)
        guard code == SQLITE_OK else { throw error(sql) }
        guard let prepared = unsafe handle else {
            throw SQLiteError(extendedCode: SQLITE_MISUSE, message: "empty SQL", operation: sql)
        }
        return unsafe Statement(database: self, handle: prepared, sql: sql)
    }

    /// Runs one or several statements without results.
    package func execute(_ sql: String) throws(SQLiteError) {
        let code = unsafe sqlite3_exec(connection, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw error(sql) }
    }

    /// The first column of the first row, or nil where there is no row or it is NULL.
    package func integer(_ sql: String) throws(SQLiteError) -> Int64? {
        let statement = try prepare(sql)
        guard try statement.step(), !statement.isNull(0) else { return nil }
        return statement.int64(0)
    }

    /// Runs the body in one write transaction; any error thrown by it or by the commit undoes all.
    package func transaction<Value>(_ body: () throws -> Value) throws -> Value {
        if let failure = logCopy?.failure { throw failure }
        try execute("BEGIN IMMEDIATE")
        do {
            let value = try body()
            try execute("COMMIT")
            return value
        } catch {
            rollback()
            throw error
        }
    }

    /// Runs the body against one unchanging view of the database.
    package func snapshot<Value>(_ body: () throws -> Value) throws -> Value {
        try execute("BEGIN")
        defer { rollback() }
        return try body()
    }

    /// True while no transaction is open.
    package var isIdle: Bool { unsafe sqlite3_get_autocommit(connection) != 0 }

    /// Rows changed by the last statement that finished.
    package var changes: Int { unsafe Int(sqlite3_changes64(connection)) }

    /// Copies the WAL into the file and empties it; false where a reader was in the way.
    package func checkpoint() throws(SQLiteError) -> Bool {
        try integer("PRAGMA wal_checkpoint(TRUNCATE)") == 0
    }

    /// Bounds the size of the file: what would go beyond it fails as `diskFull`.
    package func limit(pages: Int) throws(SQLiteError) {
        try execute("PRAGMA max_page_count = \(pages)")
    }

    /// Pages in the file.
    package func pageCount() throws(SQLiteError) -> Int {
        Int(try integer("PRAGMA page_count") ?? 0)
    }

    /// Bytes of the pages in the file, the WAL's newer ones included.
    package func fileBytes() throws(SQLiteError) -> Int {
        try pageCount() * Int(try integer("PRAGMA page_size") ?? 0)
    }

    /// Bytes of pages in the file that hold nothing and are used again before it grows.
    package func freeBytes() throws(SQLiteError) -> Int {
        Int(try integer("PRAGMA freelist_count") ?? 0)
            * Int(try integer("PRAGMA page_size") ?? 0)
    }

    /// What is wrong with the structure of the file, nil when it is sound; reads all of it.
    package func damage() throws(SQLiteError) -> String? {
        let statement = try prepare("PRAGMA quick_check(1)")
        guard try statement.step() else { return "no answer" }
        let text = statement.text(0)
        return text == "ok" ? nil : text
    }

    private func rollback() {
        // After some errors SQLite has rolled back by itself; a second one would only complain.
        guard !isIdle else { return }
        unsafe sqlite3_exec(connection, "ROLLBACK", nil, nil, nil)
    }

    /// The error of the call that has just failed.
    func error(_ operation: String) -> SQLiteError {
        let code = unsafe sqlite3_extended_errcode(connection)
        let isWrite = code == SQLiteError.writeCode
        return unsafe SQLiteError(
            extendedCode: code,
            systemError: isWrite
                ? limn_sqlite_write_errno(connection) : sqlite3_system_errno(connection),
            message: String(cString: sqlite3_errmsg(connection)), operation: operation)
    }
}
