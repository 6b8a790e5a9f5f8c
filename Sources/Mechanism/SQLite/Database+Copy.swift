import CSQLite

extension Database {
    /// Copies one unchanging view of the whole database into a new file, durable on return, while
    /// others go on writing; `progress` gets the pages done and all pages, and may stop it by
    /// throwing.
    ///
    /// Meanwhile the write-ahead log of the source cannot be emptied, so it grows by what others
    /// write.
    package func copy(
        to path: String, progress: (_ done: Int, _ all: Int) throws -> Void = { _, _ in }
    ) throws {
        // The open read transaction holds the view: without it a write by another process would
        // start the copy again, for ever under load.
        try snapshot {
            _ = try integer("SELECT count(*) FROM sqlite_schema")
            let target = try CopyTarget(path: path)
            try unsafe target.fill(from: connection, progress)
        }
    }
}

/// The new file of a copy and its connection.
@safe private final class CopyTarget {
    private let connection: OpaquePointer
    private let path: String
    private static let pagesPerStep: Int32 = 256

    init(path: String) throws(SQLiteError) {
        var handle: OpaquePointer?
        Database.makeFile(path)
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXRESCODE
        let code = unsafe sqlite3_open_v2(path, &handle, flags, nil)
        guard code == SQLITE_OK, let opened = unsafe handle else {
            let text = unsafe String(cString: sqlite3_errstr(code))
            unsafe sqlite3_close_v2(handle)
            throw SQLiteError(extendedCode: code, message: "\(text): \(path)", operation: "open")
        }
        unsafe connection = opened
        self.path = path
    }

    deinit { unsafe sqlite3_close_v2(connection) }

    func fill(
        from source: OpaquePointer, _ progress: (Int, Int) throws -> Void
    ) throws {
        guard let copy = unsafe sqlite3_backup_init(connection, "main", source, "main") else {
            throw failure()
        }
        do {
            while true {
                let code = unsafe sqlite3_backup_step(copy, Self.pagesPerStep)
                let all = unsafe Int(sqlite3_backup_pagecount(copy))
                try progress(all - (unsafe Int(sqlite3_backup_remaining(copy))), all)
                if code == SQLITE_DONE { break }
                guard code == SQLITE_OK else {
                    throw SQLiteError(
                        extendedCode: code, message: unsafe String(cString: sqlite3_errstr(code)),
                        operation: "copy to \(path)")
                }
            }
        } catch {
            unsafe sqlite3_backup_finish(copy)
            throw error
        }
        guard unsafe sqlite3_backup_finish(copy) == SQLITE_OK else { throw failure() }
    }

    private func failure() -> SQLiteError {
        unsafe SQLiteError(
            extendedCode: sqlite3_extended_errcode(connection),
            message: String(cString: sqlite3_errmsg(connection)), operation: "copy to \(path)")
    }
}
