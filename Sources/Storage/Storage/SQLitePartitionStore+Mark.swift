import SQLite

/// What a state remembers of the log it was folded from: which log, and the last block of it. In a
/// table of its own, which states of earlier versions get with their next commit.
extension SQLitePartitionStore {
    /// What the last commit noted; nil in a state that no present program has written.
    package func mark() throws(StorageError) -> (mark: LogMark, log: LogIdentity)? {
        try storing {
            let found = try database.integer(
                "SELECT count(*) FROM sqlite_schema WHERE name = 'log_mark'")
            guard found == 1 else { return nil }
            let row = try database.prepare(
                "SELECT first_offset, count, sum, log, generation FROM log_mark WHERE id = 1")
            guard try row.step() else { return nil }
            return (
                LogMark(firstOffset: row.bits(0), count: row.int(1), sum: row.bits(2)),
                LogIdentity(log: row.bytes(3), generation: row.bits(4))
            )
        }
    }

    /// Within the transaction of a commit.
    func store(_ mark: LogMark, of log: LogIdentity) throws {
        let put = try putMark ?? preparePutMark()
        putMark = put
        try put.bind(bits: mark.firstOffset, at: 1)
        try put.bind(mark.count, at: 2)
        try put.bind(bits: mark.sum, at: 3)
        try put.bind(log.log, at: 4)
        try put.bind(bits: log.generation, at: 5)
        try put.run()
    }

    private func preparePutMark() throws(SQLiteError) -> Statement {
        try database.execute(
            """
            CREATE TABLE IF NOT EXISTS log_mark (
                id INTEGER PRIMARY KEY, first_offset INTEGER, count INTEGER, sum INTEGER,
                log BLOB, generation INTEGER)
            """)
        return try database.prepare("INSERT OR REPLACE INTO log_mark VALUES (1, ?, ?, ?, ?, ?)")
    }

    /// Why a log is not the one that this state was folded from; nil when nothing speaks against
    /// it.
    package func strangeness(of log: SQLiteEventLog) throws(StorageError) -> LogStrangeness? {
        let applied = try appliedOffset()
        let end = try log.end(partition: partition)
        let noted = try mark()
        if let noted, try log.holds(noted.mark, of: partition), applied <= end { return nil }
        if noted == nil, applied <= end { return nil }
        let identity = try log.identity()
        let isOther = noted.flatMap { noted in identity.map { $0.log != noted.log.log } } ?? false
        return LogStrangeness(
            partition: partition, applied: applied, end: end, isOther: isOther,
            made: noted?.log.name, log: identity?.name)
    }
}

/// A state and a log that do not belong together.
package struct LogStrangeness: Sendable, Equatable, CustomStringConvertible {
    package var partition: Int
    /// What the state has of the log, and what the log has.
    package var applied: UInt64
    package var end: UInt64
    /// The log was never the one that the state was made of; otherwise it has lost its end.
    package var isOther: Bool
    package var made: String?
    package var log: String?

    /// Whether to fold the log again is right: what the log has lost is lost. A log that holds
    /// nothing, or another one, is more likely in the wrong place, and a person must decide.
    package var mayFoldAgain: Bool { !isOther && end > 0 }

    package var description: String {
        let names = "state of log \(made ?? "?"), this is log \(log ?? "?")"
        return applied > end
            ? "the state has \(applied) records, the log \(end) (\(names))"
            : "the log is not the one the state was folded from (\(names))"
    }
}
