import Dispatch
import Messages
import Runtime
import Storage
import Synchronization
import System

/// The log, used by one at a time: by the loop, or by the thread on which groups are written.
final class SharedLog: Sendable {
    private let log = Mutex<SQLiteEventLog?>(nil)
    private let thread = DispatchQueue(label: "append")

    /// Opens the log and reads from it what the body wants, on the thread, so that the loop goes on
    /// giving signs of life however long it takes.
    func open<Result: Sendable>(
        folder: String, _ body: @escaping @Sendable (SQLiteEventLog) throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            thread.async { [self] in
                continuation.resume(
                    with: Swift.Result {
                        try StartFailure.naming("the event log") {
                            try log.withLock { log in
                                let opened = try SQLiteEventLog(folder: folder)
                                log = opened
                                return try body(opened)
                            }
                        }
                    })
            }
        }
    }

    /// Waits while a group is being written. The log must have been opened.
    func use<Result, Failure: Error>(
        _ body: (SQLiteEventLog) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        try log.withLock { log throws(Failure) in
            guard let log else { preconditionFailure("the log is used before it is open") }
            return try body(log)
        }
    }

    /// Puts the whole log into its one file, so that a copy of that is a copy of the log; false
    /// where a reader was in the way. A log that is only being opened is as it was.
    func settle() throws -> Bool {
        try log.withLockIfAvailable { try $0?.settle() ?? true } ?? true
    }

    /// Writes a group on the thread, and hands the first offsets of its blocks, or why it was not
    /// written, and how long that took, to `then` there.
    func append(
        _ group: Group, _ notes: LogNotes, receivedMs: Int64,
        then: @escaping @Sendable (Result<[UInt64], StorageError>, _ ns: UInt64) -> Void
    ) {
        thread.async { [self] in
            let started = Clock.monotonicNs()
            let written = Result { () throws(StorageError) in
                try use { log throws(StorageError) in
                    try log.append(
                        groups: group.blocks, batches: group.batches, rejects: group.rejects,
                        notes: notes, receivedMs: receivedMs)
                }
            }
            then(written, Clock.monotonicNs() - started)
        }
    }
}
