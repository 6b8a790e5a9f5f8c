import CSQLite
import Dispatch
import Glibc
import Synchronization

/// Copies a write-ahead log into its file on another thread, so that nobody who commits waits.
///
/// SQLite by itself does it within the commit that passes the limit, with megabytes of pages and
/// two syncs: up to 120 ms were seen. Here that commit only asks for it. What is committed while
/// the copy is made stays in the log; where commits come so fast that a copy never catches up, one
/// of them moves the little that is left. The log then begins anew at its front.
@safe final class LogCopy: Sendable {
    private enum Phase {
        case rest
        case asked
        case done
        case failed(SQLiteError)
    }

    private struct State {
        var phase = Phase.rest
        /// Copies since the log last began anew.
        var copies = 0
    }

    private let path: String
    private let pagesMax: Int
    private let state = Mutex(State())

    /// One at a time in a process, so that they do not fight for the disk.
    private static let queue = DispatchQueue(label: "checkpoints")
    /// After so many copies that did not catch up a commit does the rest.
    private static let copiesMax = 3
    /// Between two copies the disk is left alone for as long as a copy took: many of them in a row
    /// would hold up the syncs of those who commit.
    private static let pauseMaxNs: UInt64 = 250_000_000

    init(path: String, pagesMax: Int) {
        self.path = path
        self.pagesMax = pagesMax
    }

    /// The error of a copy after which nothing that reads back may be trusted.
    var failure: SQLiteError? {
        state.withLock { state in
            if case .failed(let error) = state.phase { error } else { nil }
        }
    }

    /// Hears of each commit of a connection how many pages the log holds now.
    func install(on connection: OpaquePointer) {
        unsafe sqlite3_wal_hook(
            connection,
            { context, connection, _, pages in
                guard let context = unsafe context else { return SQLITE_OK }
                let copy = unsafe Unmanaged<LogCopy>.fromOpaque(context).takeUnretainedValue()
                if copy.isLast(pages: Int(pages)) {
                    // Busy and full are no failure of the commit: the next ones try again.
                    _ = unsafe sqlite3_wal_checkpoint_v2(
                        connection, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
                }
                return SQLITE_OK
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    /// Asks for a copy if there is need; true if the caller is to make it.
    private func isLast(pages: Int) -> Bool {
        state.withLock { state in
            guard pages >= pagesMax else {
                state.copies = 0
                return false
            }
            switch state.phase {
            case .asked, .failed: return false
            case .rest: break
            case .done: state.copies += 1
            }
            if state.copies >= Self.copiesMax {
                state.copies = 0
                state.phase = .rest
                return true
            }
            state.phase = .asked
            Self.queue.async {
                let started = DispatchTime.now()
                self.run()
                Self.rest(since: started)
            }
            return false
        }
    }

    private static func rest(since started: DispatchTime) {
        let taken = DispatchTime.now().uptimeNanoseconds - started.uptimeNanoseconds
        usleep(UInt32(min(taken, pauseMaxNs) / 1000))
    }

    private func run() {
        guard !LogCopies.areHeld.load(ordering: .relaxed) else {
            // The next commit asks again.
            return state.withLock { $0.phase = .rest }
        }
        var connection: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        var code = unsafe sqlite3_open_v2(path, &connection, flags, nil)
        if code == SQLITE_OK {
            code = unsafe sqlite3_wal_checkpoint_v2(
                connection, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
        }
        let error = SQLiteError(
            extendedCode: code, message: unsafe String(cString: sqlite3_errstr(code)),
            operation: "copy the write-ahead log of \(path)")
        unsafe sqlite3_close_v2(connection)
        state.withLock { $0.phase = error.kind == .syncFailed ? .failed(error) : .done }
    }
}

/// All copies of this process. They sync, and so does whoever else waits for the same disk.
package enum LogCopies {
    fileprivate static let areHeld = Atomic(false)

    /// Whether none begins at present; logs grow meanwhile, so not for long.
    package static func hold(_ isHeld: Bool) { areHeld.store(isHeld, ordering: .relaxed) }
}
