import SQLite

/// Tables that logs of the first days do not have; the writer adds them, a reader does without.
let eventLogNoteTables = """
    CREATE TABLE IF NOT EXISTS event_ids (id INTEGER PRIMARY KEY, at_ms INTEGER, hashes BLOB);
    CREATE TABLE IF NOT EXISTS applied (id INTEGER PRIMARY KEY, offsets BLOB);
    CREATE TABLE IF NOT EXISTS reject_marks (id INTEGER PRIMARY KEY, at_ms INTEGER, who TEXT);
    CREATE TABLE IF NOT EXISTS reject_account (
        id INTEGER PRIMARY KEY, rows INTEGER, bytes INTEGER, dropped INTEGER, evicted INTEGER,
        retried INTEGER);
    INSERT OR IGNORE INTO reject_account
        SELECT 1, count(*), coalesce(sum(length(record) + length(message)), 0), 0, 0, 0
        FROM rejects;
    """

/// The prepared statements of ``LogNotes`` and of the list of rejects.
final class EventLogNoteStatements {
    private let putIDs: Statement
    private let forgetIDs: Statement
    private let putApplied: Statement
    private let putMark: Statement
    private let putAccount: Statement
    private let dropReject: Statement
    private let dropMark: Statement
    private let getIDs: Statement
    private let hasOwners: Bool
    private let getApplied: Statement
    private let getAccount: Statement
    private let getRejects: Statement
    private let getReject: Statement

    /// Rows of ids that one append removes at most, so that no commit waits for long.
    private static let forgottenPerAppend = 64

    /// The writer makes what a log of the first days lacks.
    static func makeTables(_ database: Database) throws {
        try database.transaction { try database.execute(eventLogNoteTables) }
    }

    /// Nil where the tables are not there.
    init?(_ database: Database, readOnly: Bool) throws {
        if readOnly {
            let found = try database.integer(
                "SELECT count(*) FROM sqlite_schema WHERE name = 'reject_account'")
            guard found == 1 else { return nil }
        }
        putIDs = try database.prepare("INSERT INTO event_ids VALUES (NULL, ?, ?)")
        forgetIDs = try database.prepare(
            """
            DELETE FROM event_ids WHERE id IN (
                SELECT id FROM event_ids ORDER BY id LIMIT \(Self.forgottenPerAppend))
            AND at_ms < ?
            """)
        putApplied = try database.prepare("INSERT OR REPLACE INTO applied VALUES (1, ?)")
        putMark = try database.prepare("INSERT OR REPLACE INTO reject_marks VALUES (?, ?, ?)")
        putAccount = try database.prepare(
            "INSERT OR REPLACE INTO reject_account VALUES (1, ?, ?, ?, ?, ?)")
        dropReject = try database.prepare("DELETE FROM rejects WHERE id = ?")
        dropMark = try database.prepare("DELETE FROM reject_marks WHERE id = ?")
        let owners = try database.integer(
            "SELECT count(*) FROM sqlite_schema WHERE name = 'event_id_owners'")
        hasOwners = owners == 1
        getIDs = try database.prepare(
            hasOwners
                ? """
                SELECT at_ms, hashes, owner FROM event_ids e
                LEFT JOIN event_id_owners o ON o.id = e.id ORDER BY e.id
                """ : "SELECT at_ms, hashes FROM event_ids ORDER BY id")
        getApplied = try database.prepare("SELECT offsets FROM applied WHERE id = 1")
        getAccount = try database.prepare(
            "SELECT rows, bytes, dropped, evicted, retried FROM reject_account WHERE id = 1")
        let columns = """
            SELECT r.id, producer, epoch, sequence, place, code, message, received_ms, record,
            at_ms, who FROM rejects r LEFT JOIN reject_marks m ON m.id = r.id
            """
        getRejects = try database.prepare(
            """
            \(columns) WHERE r.id > ?1 AND (?2 IS NULL OR code = ?2)
            AND (?3 IS NULL OR producer = ?3) AND (?4 IS NULL OR received_ms >= ?4)
            ORDER BY r.id LIMIT ?5
            """)
        getReject = try database.prepare("\(columns) WHERE r.id = ?")
    }

    func store(
        _ notes: LogNotes, _ owners: EventLogOwners?, _ account: inout RejectAccount
    ) throws {
        for run in notes.eventIDs {
            try putIDs.bind(notes.eventIDsAtMs, at: 1)
            try putIDs.bind(run.bytes, at: 2)
            try putIDs.run()
            if !run.owner.isEmpty { try owners?.storeOwnerOfEventIDs(run.owner) }
        }
        if let before = notes.forgetEventIDsBeforeMs {
            try forgetIDs.bind(before, at: 1)
            try forgetIDs.run()
            try owners?.dropOwnersOfForgotten()
        }
        if !notes.applied.isEmpty {
            try putApplied.bind(Self.bytes(notes.applied), at: 1)
            try putApplied.run()
        }
        for mark in notes.retried {
            try putMark.bind(mark.id, at: 1)
            try putMark.bind(mark.atMs, at: 2)
            try putMark.bind(mark.by, at: 3)
            try putMark.run()
            account.retried += 1
        }
    }

    func store(_ account: RejectAccount) throws {
        try putAccount.bind(bits: account.rows, at: 1)
        try putAccount.bind(bits: account.bytes, at: 2)
        try putAccount.bind(bits: account.dropped, at: 3)
        try putAccount.bind(bits: account.evicted, at: 4)
        try putAccount.bind(bits: account.retried, at: 5)
        try putAccount.run()
    }

    /// Removes the oldest until the limits are kept.
    func trim(_ account: inout RejectAccount, to limits: RejectLimits) throws {
        while account.rows > UInt64(limits.rowsMax) || account.bytes > UInt64(limits.bytesMax) {
            var filter = RejectFilter()
            filter.limit = 1
            guard let oldest = try rejects(filter, bytesMax: .max).first else { return }
            try remove(oldest, &account)
            account.evicted += 1
        }
    }

    /// Removes a row; the counts by code stay.
    func remove(_ reject: StoredReject, _ account: inout RejectAccount) throws {
        try dropReject.bind(reject.id, at: 1)
        try dropReject.run()
        try dropMark.bind(reject.id, at: 1)
        try dropMark.run()
        account.rows -= min(account.rows, 1)
        account.bytes -= min(account.bytes, UInt64(reject.reject.keptBytes))
    }

    func forEachEventID(_ body: (Int64, String, Span<UInt8>) throws -> Void) throws {
        defer { getIDs.reset() }
        while try getIDs.step() {
            let (time, owner) = (getIDs.int64(0), hasOwners ? getIDs.text(2) : "")
            try getIDs.withBytes(1) { hashes in try body(time, owner, hashes) }
        }
    }

    func applied() throws -> [UInt64] {
        defer { getApplied.reset() }
        guard try getApplied.step() else { return [] }
        return Self.numbers(getApplied.bytes(0))
    }

    func account() throws -> RejectAccount {
        defer { getAccount.reset() }
        var account = RejectAccount()
        guard try getAccount.step() else { return account }
        account.rows = getAccount.bits(0)
        account.bytes = getAccount.bits(1)
        account.dropped = getAccount.bits(2)
        account.evicted = getAccount.bits(3)
        account.retried = getAccount.bits(4)
        return account
    }

    func rejects(_ filter: RejectFilter, bytesMax: Int) throws -> [StoredReject] {
        guard filter.ids.isEmpty else { return try filter.ids.compactMap(reject) }
        try getRejects.bind(filter.after, at: 1)
        try bind(filter.code.map(Int64.init), at: 2)
        if let producer = filter.producer {
            try getRejects.bind(producer, at: 3)
        } else {
            try getRejects.bindNull(at: 3)
        }
        try bind(filter.sinceMs, at: 4)
        try getRejects.bind(max(0, filter.limit), at: 5)
        defer { getRejects.reset() }
        var found: [StoredReject] = []
        var bytes = 0
        while bytes < bytesMax, try getRejects.step() {
            let row = Self.row(getRejects)
            bytes += row.reject.keptBytes
            found.append(row)
        }
        return found
    }

    func reject(_ id: Int64) throws -> StoredReject? {
        try getReject.bind(id, at: 1)
        defer { getReject.reset() }
        return try getReject.step() ? Self.row(getReject) : nil
    }

    private func bind(_ value: Int64?, at index: Int32) throws {
        if let value {
            try getRejects.bind(value, at: index)
        } else {
            try getRejects.bindNull(at: index)
        }
    }

    private static func row(_ row: Statement) -> StoredReject {
        let reject = RejectRecord(
            producer: row.text(1), epoch: row.bits(2), sequence: row.bits(3), index: row.int(4),
            code: row.int(5), message: row.text(6), record: row.bytes(8),
            receivedMs: row.int64(7))
        var stored = StoredReject(id: row.int64(0), reject: reject)
        if !row.isNull(9) { stored.retriedMs = row.int64(9) }
        stored.retriedBy = row.text(10)
        return stored
    }

    private static func bytes(_ numbers: [UInt64]) -> [UInt8] {
        numbers.flatMap { number in (0..<8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) } }
    }

    private static func numbers(_ bytes: [UInt8]) -> [UInt64] {
        (0..<bytes.count / 8).map { at in
            (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[at * 8 + $1]) << ($1 * 8) }
        }
    }
}
