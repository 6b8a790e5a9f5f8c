import SQLite

/// Why the store refused; nothing of the refused call was applied.
package enum StorageError: Error, Sendable, Equatable {
    /// No space left; the store is usable again once there is some.
    case diskFull(String)
    /// The file or folder cannot be created, opened or written.
    case notWritable(String)
    /// Another process holds the file.
    case busy(String)
    /// The operating system failed a read or a write.
    case io(String)
    /// The file is damaged or not Limn's.
    case corrupt(String)
    /// Records of the log are not those that were written, or are gone.
    case damaged(partition: Int, first: UInt64, past: UInt64, String)
    /// Somebody with a newer epoch owns the partition now.
    case fenced(stored: UInt64)
    /// The log is not the one that a state was folded from.
    case strangeLog(LogStrangeness)
    /// The log was cut: the first offset it still has in that partition.
    case outOfRange(firstKept: UInt64)
    /// The file was written in another format.
    case wrongFormat(found: Int, expected: Int)
    /// The caller asked for something that makes no sense.
    case invalid(String)
    /// A sync failed: what is on disk is unknown until the process has restarted and read it again.
    case fatal(String)
    /// Anything else.
    case other(String)

    static func damagedGroup(_ id: Int64) -> StorageError {
        .corrupt("group \(id) of the log is not as it was written")
    }

    init(_ error: any Error) {
        switch error {
        case let error as StorageError: self = error
        case let error as SQLiteError: self.init(sqlite: error)
        default: self = .other("\(error)")
        }
    }

    private init(sqlite error: SQLiteError) {
        let text = error.description
        self =
            switch error.kind {
            case .diskFull: .diskFull(text)
            case .io: .io(text)
            case .syncFailed: .fatal(text)
            case .notWritable: .notWritable(text)
            case .busy: .busy(text)
            case .corrupt: .corrupt(text)
            case .constraint, .other: .other(text)
            }
    }
}

/// Runs the body and turns whatever it throws into a `StorageError`.
func storing<Value>(_ body: () throws -> Value) throws(StorageError) -> Value {
    do { return try body() } catch { throw StorageError(error) }
}
