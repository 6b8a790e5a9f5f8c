import SQLite
import System

extension SQLiteEventLog {
    /// Lends the remembered event ids, as they were written, with the time they came and the key
    /// that sent them, oldest first; the key is empty where nobody noted it.
    package func forEachEventID(
        _ body: (Int64, String, Span<UInt8>) throws -> Void
    ) throws(StorageError) {
        try storing { try notes?.forEachEventID(body) }
    }

    /// How far the feature workers were when that was last written; empty if never.
    package func applied() throws(StorageError) -> [UInt64] {
        try storing { try notes?.applied() ?? [] }
    }

    /// Kept rejects that pass a filter, oldest first; no more than about `bytesMax` of them.
    package func rejects(
        _ filter: RejectFilter, bytesMax: Int = 1 << 20
    ) throws(StorageError) -> [StoredReject] {
        guard let notes else {
            let all = try rejects(after: filter.after, limit: filter.limit)
            return filter.ids.isEmpty ? all : all.filter { filter.ids.contains($0.id) }
        }
        return try storing { try notes.rejects(filter, bytesMax: bytesMax) }
    }

    /// What is to be left out when the log is folded again; the list lies beside it.
    package func quarantine() throws(StorageError) -> Quarantine {
        try Quarantine(folder: Files.parent(of: database.path))
    }

    package func rejectAccount() throws(StorageError) -> RejectAccount {
        try storing { try notes?.account() ?? RejectAccount() }
    }

    /// Gives rejects up; the counts by code stay. Answers the ids that were there.
    package func dropRejects(_ ids: [Int64]) throws(StorageError) -> [Int64] {
        guard let notes, !readOnly else { throw .notWritable("the log is open for reading only") }
        return try storing {
            try database.transaction {
                var account = try notes.account()
                var dropped: [Int64] = []
                for id in ids {
                    guard let reject = try notes.reject(id) else { continue }
                    try notes.remove(reject, &account)
                    account.dropped += 1
                    dropped.append(id)
                }
                try notes.store(account)
                return dropped
            }
        }
    }
}
