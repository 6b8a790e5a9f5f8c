import CSQLite

/// A prepared statement, reused: bind from 1, step through the rows, read columns from 0, reset.
@safe package final class Statement {
    private let database: Database
    private let handle: OpaquePointer
    private let sql: String

    init(database: Database, handle: OpaquePointer, sql: String) {
        self.database = database
        unsafe self.handle = handle
        self.sql = sql
    }

    deinit {
        unsafe sqlite3_finalize(handle)
    }

    /// Moves to the next row; false after the last one.
    package func step() throws(SQLiteError) -> Bool {
        switch unsafe sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default:
            let error = database.error(sql)
            reset()
            throw error
        }
    }

    /// Runs a statement that returns no rows and makes it ready for the next use.
    package func run() throws(SQLiteError) {
        _ = try step()
        reset()
    }

    /// Runs a statement that returns no rows with the bytes as a blob that is not copied.
    package func run(lending bytes: Span<UInt8>, at index: Int32) throws(SQLiteError) {
        try unsafe bytes.withUnsafeBufferPointer { (buffer) throws(SQLiteError) in
            try check(
                unsafe limn_sqlite_lend_blob(
                    handle, index, buffer.baseAddress, sqlite3_uint64(buffer.count)))
            defer { unsafe sqlite3_bind_null(handle, index) }
            try run()
        }
    }

    /// Makes the statement ready for the next use and ends its read; bound values stay.
    package func reset() {
        unsafe sqlite3_reset(handle)
    }

    package func bind(_ value: Int64, at index: Int32) throws(SQLiteError) {
        try check(unsafe sqlite3_bind_int64(handle, index, value))
    }

    package func bind(_ value: Int, at index: Int32) throws(SQLiteError) {
        try bind(Int64(value), at: index)
    }

    /// Binds the bit pattern, so that every value fits; the order of values above 2⁶³ is lost.
    package func bind(bits value: UInt64, at index: Int32) throws(SQLiteError) {
        try bind(Int64(bitPattern: value), at: index)
    }

    package func bind(_ value: Double, at index: Int32) throws(SQLiteError) {
        try check(unsafe sqlite3_bind_double(handle, index, value))
    }

    package func bind(_ text: String, at index: Int32) throws(SQLiteError) {
        var text = text
        let code = text.withUTF8 { utf8 in
            unsafe utf8.withMemoryRebound(to: CChar.self) { chars in
                unsafe limn_sqlite_bind_text(
                    handle, index, chars.baseAddress, sqlite3_uint64(chars.count))
            }
        }
        try check(code)
    }

    /// Binds a copy of the bytes as a blob.
    package func bind(_ bytes: [UInt8], at index: Int32) throws(SQLiteError) {
        try bind(bytes.span, at: index)
    }

    /// Binds a copy of the bytes as a blob.
    package func bind(_ bytes: Span<UInt8>, at index: Int32) throws(SQLiteError) {
        let code = unsafe bytes.withUnsafeBufferPointer { buffer in
            unsafe limn_sqlite_bind_blob(
                handle, index, buffer.baseAddress, sqlite3_uint64(buffer.count))
        }
        try check(code)
    }

    package func bindNull(at index: Int32) throws(SQLiteError) {
        try check(unsafe sqlite3_bind_null(handle, index))
    }

    package func isNull(_ column: Int32) -> Bool {
        unsafe sqlite3_column_type(handle, column) == SQLITE_NULL
    }

    package func int64(_ column: Int32) -> Int64 {
        unsafe sqlite3_column_int64(handle, column)
    }

    package func int(_ column: Int32) -> Int {
        Int(int64(column))
    }

    /// The bit pattern bound with `bind(bits:at:)`.
    package func bits(_ column: Int32) -> UInt64 {
        UInt64(bitPattern: int64(column))
    }

    package func double(_ column: Int32) -> Double {
        unsafe sqlite3_column_double(handle, column)
    }

    /// The text of a column; damaged UTF-8 is repaired, NULL is empty.
    package func text(_ column: Int32) -> String {
        withBytes(column) { bytes in
            unsafe bytes.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
        }
    }

    /// A copy of a blob or text column; NULL is empty.
    package func bytes(_ column: Int32) -> [UInt8] {
        withBytes(column) { bytes in
            unsafe bytes.withUnsafeBufferPointer { unsafe [UInt8]($0) }
        }
    }

    /// Lends the bytes of a blob or text column, valid only within the body.
    package func withBytes<Value, Failure>(
        _ column: Int32, _ body: (Span<UInt8>) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        // The pointer must be asked for before the length: the first call may convert the value.
        guard let start = unsafe sqlite3_column_blob(handle, column) else {
            return try body([UInt8]().span)
        }
        let count = unsafe Int(sqlite3_column_bytes(handle, column))
        let raw = unsafe UnsafeRawBufferPointer(start: start, count: count)
        let bytes = unsafe raw.bindMemory(to: UInt8.self)
        return try body(unsafe bytes.span)
    }

    private func check(_ code: Int32) throws(SQLiteError) {
        guard code == SQLITE_OK else { throw database.error(sql) }
    }
}
