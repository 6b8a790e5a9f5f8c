import CSQLite
import Glibc

/// A refusal by SQLite, with its codes kept so that callers need not read the text.
package struct SQLiteError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What the refusal means to a caller.
    package enum Kind: Sendable, Equatable {
        /// No space left, or the page limit of the file is reached.
        case diskFull
        /// The operating system failed a read or a write.
        case io
        /// A sync to disk failed: what was written before may be lost although it reads back.
        case syncFailed
        /// The file or its folder cannot be opened or written.
        case notWritable
        /// Another connection holds the lock for longer than the busy timeout.
        case busy
        /// The file is not a database or is damaged.
        case corrupt
        /// A constraint of the schema was violated.
        case constraint
        /// Anything else; see the code.
        case other
    }

    /// SQLite's primary result code.
    package let code: Int32
    /// SQLite's extended result code.
    package let extendedCode: Int32
    /// The operating system's error number behind it; 0 if there is none.
    package let systemError: Int32
    /// SQLite's own message.
    package let message: String
    /// What was being done: an SQL text or a call.
    package let operation: String

    package init(
        extendedCode: Int32, systemError: Int32 = 0, message: String, operation: String
    ) {
        self.code = extendedCode & 0xff
        self.extendedCode = extendedCode
        self.systemError = systemError
        self.message = message
        self.operation = operation
    }

    /// SQLITE_IOERR_WRITE.
    static let writeCode = SQLITE_IOERR | (3 << 8)

    package var kind: Kind {
        switch code {
        case SQLITE_FULL: .diskFull
        case SQLITE_IOERR:
            // SQLite calls only ENOSPC full; to a caller quota and file size limit are the same.
            syncCodes.contains(extendedCode)
                ? .syncFailed : fullErrors.contains(systemError) ? .diskFull : .io
        case SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM: .notWritable
        case SQLITE_BUSY, SQLITE_LOCKED: .busy
        case SQLITE_CORRUPT, SQLITE_NOTADB: .corrupt
        case SQLITE_CONSTRAINT: .constraint
        default: .other
        }
    }

    package var description: String {
        "SQLite \(extendedCode) (errno \(systemError)) in \(operation): \(message)"
    }
}

// SQLITE_IOERR_FSYNC and SQLITE_IOERR_DIR_FSYNC are macros with casts that Swift does not import.
private let syncCodes: [Int32] = [SQLITE_IOERR | (4 << 8), SQLITE_IOERR | (5 << 8)]

private let fullErrors: [Int32] = [EFBIG, EDQUOT, ENOSPC]
