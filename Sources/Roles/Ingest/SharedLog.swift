import Dispatch
import Messages
import Storage
import Synchronization
import System

/// The log, used by one at a time: by the loop, or by the thread on which groups are written.
final class SharedLog: Sendable {
    private let log: Mutex<SQLiteEventLog>
    private let thread = DispatchQueue(label: "append")

    init(_ log: sending SQLiteEventLog) { self.log = Mutex(log) }

    /// Waits while a group is being written.
    func use<Result, Failure: Error>(
        _ body: (SQLiteEventLog) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        try log.withLock { log throws(Failure) in try body(log) }
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
