import Messages
import SQLite

/// The statements by which a partition's file is changed, each with the sum of its row.
final class PartitionWrites {
    private let putUser: Statement
    private let putOutbox: Statement
    private let putMeta: Statement
    private let dropOutbox: Statement

    init(_ database: Database) throws(SQLiteError) {
        putUser = try database.prepare(
            """
            INSERT INTO users (key, state, sum) VALUES (?1, ?2, ?3)
            ON CONFLICT DO UPDATE SET state = excluded.state, sum = excluded.sum
            """)
        putOutbox = try database.prepare(
            "INSERT INTO outbox (first_offset, count, entries, sum) VALUES (?1, ?2, ?3, ?4)")
        putMeta = try database.prepare(
            """
            UPDATE meta SET epoch = ?, applied = ?, outbox_end = ?, totals = ?, sum = ?
            WHERE id = 1
            """)
        dropOutbox = try database.prepare(
            """
            DELETE FROM outbox WHERE first_offset IN (
                SELECT first_offset FROM outbox WHERE first_offset + count <= ?
                ORDER BY first_offset LIMIT 16)
            """)
    }

    func put(_ key: UInt64, _ state: Span<UInt8>) throws(SQLiteError) {
        try putUser.bind(bits: key, at: 1)
        try putUser.bind(RowSum.user(key, state), at: 3)
        try putUser.run(lending: state, at: 2)
    }

    func put(_ block: PendingBlock, first: UInt64) throws(SQLiteError) {
        let entries = block.records.span
        try putOutbox.bind(bits: first, at: 1)
        try putOutbox.bind(block.count, at: 2)
        try putOutbox.bind(RowSum.block(first: first, count: block.count, entries), at: 4)
        try putOutbox.run(lending: entries, at: 3)
    }

    func put(_ meta: PartitionMeta) throws(SQLiteError) {
        try putMeta.bind(bits: meta.epoch, at: 1)
        try putMeta.bind(bits: meta.applied, at: 2)
        try putMeta.bind(bits: meta.outboxEnd, at: 3)
        try putMeta.bind(meta.totals, at: 4)
        try putMeta.bind(meta.sum, at: 5)
        try putMeta.run()
    }

    /// Drops blocks of which every entry lies before an offset; a few at a time.
    func trim(before offset: UInt64) throws(SQLiteError) {
        try dropOutbox.bind(bits: offset, at: 1)
        try dropOutbox.run()
    }
}
