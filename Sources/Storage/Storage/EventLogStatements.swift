import SQLite

let eventLogTables = """
    CREATE TABLE blocks (
        id INTEGER PRIMARY KEY, partition INTEGER, first_offset INTEGER, count INTEGER,
        records BLOB);
    CREATE TABLE groups (
        id INTEGER PRIMARY KEY, first_block INTEGER, received_ms INTEGER, directory BLOB,
        seal BLOB);
    CREATE TABLE producers (id INTEGER PRIMARY KEY, name TEXT, epoch INTEGER, sequence INTEGER);
    CREATE TABLE replies (
        id INTEGER PRIMARY KEY, epoch INTEGER, sequence INTEGER, reply BLOB);
    CREATE TABLE rejects (
        id INTEGER PRIMARY KEY, producer TEXT, epoch INTEGER, sequence INTEGER, place INTEGER,
        code INTEGER, message TEXT, received_ms INTEGER, record BLOB);
    CREATE TABLE reject_counts (code INTEGER PRIMARY KEY, count INTEGER);
    CREATE TABLE totals (
        id INTEGER PRIMARY KEY, events INTEGER, bytes INTEGER, batches INTEGER, rejects INTEGER);
    INSERT INTO totals VALUES (1, 0, 0, 0, 0);
    \(identityTable)
    """

/// Which log this is, and from which group on groups have seals.
private let identityTable = """
    CREATE TABLE identity (
        id INTEGER PRIMARY KEY, log BLOB, generation INTEGER, sealed_from INTEGER);
    INSERT INTO identity VALUES (
        1, randomblob(16), 1, (SELECT coalesce(max(id), 0) + 1 FROM groups));
    """

/// Format 1 had neither seals nor an identity; its groups stay as they are.
let eventLogChanges = [1: "ALTER TABLE groups ADD COLUMN seal BLOB; \(identityTable)"]

/// A producer's row: `id` names its 64 places in the table of replies.
struct KnownProducer {
    var id: Int64
    var epoch: UInt64
    var sequence: UInt64

    func replyID(_ sequence: UInt64) -> Int64 {
        // Wraps for an id that only damage makes.
        id &* Int64(StorageLimits.producerWindow)
            &+ Int64(sequence % StorageLimits.producerWindow)
    }
}

/// What the next append will use.
struct EventLogNext {
    var ends: [UInt64]
    /// When the latest of all groups came in.
    var latestMs: Int64
    var block: Int64
    /// The number of the next new group.
    var group: Int64
    /// The group before it, while small commits are added to it; nil at a start.
    var open: OpenGroup?
    var producer: Int64
    var totals: LogTotals

    init(_ statements: EventLogStatements) throws {
        let (_, last) = try statements.groupRange()
        let newest = try statements.group(last)
        ends = newest?.directory.ends ?? .init(repeating: 0, count: StorageLimits.logPartitions)
        latestMs = newest.map { $0.seal?.latestMs ?? $0.receivedMs } ?? 0
        block = newest?.pastBlock ?? 1
        group = last + 1
        producer = try statements.nextProducer()
        totals = try statements.totals()
    }

    /// The group for a commit of so many blocks: the open one with room for it, or a new one.
    mutating func openGroup(blocks: Int, receivedMs: Int64) -> OpenGroup {
        if var open, open.takes(blocks: blocks, receivedMs: receivedMs) {
            open.begin(receivedMs: receivedMs)
            return open
        }
        defer { group += 1 }
        return OpenGroup(
            id: group, starts: ends, firstBlock: block, receivedMs: receivedMs, latestMs: latestMs)
    }
}

/// The prepared statements of an event log that write; those that read are in an extension.
final class EventLogStatements {
    private let putBlock: Statement
    private let putGroup: Statement
    private let putProducer: Statement
    private let putReply: Statement
    private let putReject: Statement
    private let countReject: Statement
    private let putTotals: Statement
    let getBlock: Statement
    let getGroup: Statement
    let getGroupRange: Statement
    let getProducer: Statement
    let getProducers: Statement
    let getNextProducer: Statement
    let getReply: Statement
    let getRejects: Statement
    let getRejectCounts: Statement
    let getTotals: Statement
    let getBytes: Statement
    /// Groups looked up so far: what a read costs, beside its bytes.
    var lookups = 0
    /// The first group that has a seal.
    let sealedFrom: Int64

    /// `hasSeals`: whether the file is of the present format.
    init(_ database: Database, hasSeals: Bool) throws {
        let seal = hasSeals ? "seal" : "NULL"
        sealedFrom =
            hasSeals
            ? try database.integer("SELECT sealed_from FROM identity WHERE id = 1") ?? 1 : .max
        putBlock = try database.prepare("INSERT INTO blocks VALUES (?, ?, ?, ?, ?)")
        putGroup = try database.prepare(
            """
            INSERT OR REPLACE INTO groups
            (id, first_block, received_ms, directory\(hasSeals ? ", seal" : ""))
            VALUES (?, ?, ?, ?\(hasSeals ? ", ?" : ""))
            """)
        putProducer = try database.prepare("INSERT OR REPLACE INTO producers VALUES (?, ?, ?, ?)")
        putReply = try database.prepare("INSERT OR REPLACE INTO replies VALUES (?, ?, ?, ?)")
        putReject = try database.prepare(
            "INSERT INTO rejects VALUES (?9, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")
        countReject = try database.prepare(
            "INSERT INTO reject_counts VALUES (?, 1) ON CONFLICT DO UPDATE SET count = count + 1")
        putTotals = try database.prepare(
            "UPDATE totals SET events = ?, bytes = ?, batches = ?, rejects = ? WHERE id = 1")
        getBlock = try database.prepare(
            "SELECT partition, first_offset, records FROM blocks WHERE id = ?")
        getGroup = try database.prepare(
            "SELECT first_block, received_ms, directory, \(seal) FROM groups WHERE id = ?")
        getGroupRange = try database.prepare(
            "SELECT (SELECT min(id) FROM groups), (SELECT max(id) FROM groups)")
        getProducer = try database.prepare(
            "SELECT id, epoch, sequence FROM producers WHERE name = ?")
        getProducers = try database.prepare("SELECT id, epoch, sequence, name FROM producers")
        getNextProducer = try database.prepare("SELECT coalesce(max(id), 0) + 1 FROM producers")
        getReply = try database.prepare("SELECT epoch, sequence, reply FROM replies WHERE id = ?")
        getRejects = try database.prepare(
            """
            SELECT id, producer, epoch, sequence, place, code, message, received_ms, record
            FROM rejects WHERE id > ? ORDER BY id LIMIT ?
            """)
        getRejectCounts = try database.prepare("SELECT code, count FROM reject_counts")
        getBytes = try database.prepare(
            "SELECT sum(length(records)) FROM blocks WHERE id >= ? AND id < ?")
        getTotals = try database.prepare(
            "SELECT events, bytes, batches, rejects FROM totals WHERE id = 1")
    }

    func store(_ block: PendingBlock, id: Int64, first: UInt64) throws {
        try putBlock.bind(id, at: 1)
        try putBlock.bind(block.partition, at: 2)
        try putBlock.bind(bits: first, at: 3)
        try putBlock.bind(block.count, at: 4)
        try putBlock.bind(block.records, at: 5)
        try putBlock.run()
    }

    /// Stores a new group, or one that has changed in its place.
    func store(_ group: StoredGroup) throws {
        let row = GroupSeal.Row(
            id: group.id, firstBlock: group.firstBlock, receivedMs: group.receivedMs)
        let directory = group.directory.encode()
        try putGroup.bind(group.id, at: 1)
        try putGroup.bind(group.firstBlock, at: 2)
        try putGroup.bind(group.receivedMs, at: 3)
        try putGroup.bind(directory, at: 4)
        if let seal = group.seal?.encode(row: row, directory: directory.span) {
            try putGroup.bind(seal, at: 5)
        }
        try putGroup.run()
    }

    func store(_ name: String, _ producer: KnownProducer) throws {
        try putProducer.bind(producer.id, at: 1)
        try putProducer.bind(name, at: 2)
        try putProducer.bind(bits: producer.epoch, at: 3)
        try putProducer.bind(bits: producer.sequence, at: 4)
        try putProducer.run()
    }

    func store(_ batch: ProducerBatch, of producer: KnownProducer) throws {
        try putReply.bind(producer.replyID(batch.sequence), at: 1)
        try putReply.bind(bits: batch.epoch, at: 2)
        try putReply.bind(bits: batch.sequence, at: 3)
        try putReply.bind(batch.reply, at: 4)
        try putReply.run()
    }

    /// Ids are never given twice, also when the newest row was dropped.
    func store(_ reject: RejectRecord, id: Int64) throws {
        try putReject.bind(reject.producer, at: 1)
        try putReject.bind(bits: reject.epoch, at: 2)
        try putReject.bind(bits: reject.sequence, at: 3)
        try putReject.bind(reject.index, at: 4)
        try putReject.bind(reject.code, at: 5)
        try putReject.bind(reject.message, at: 6)
        try putReject.bind(reject.receivedMs, at: 7)
        try putReject.bind(reject.record, at: 8)
        try putReject.bind(id, at: 9)
        try putReject.run()
        try countReject.bind(reject.code, at: 1)
        try countReject.run()
    }

    func store(_ totals: LogTotals) throws {
        try putTotals.bind(bits: totals.events, at: 1)
        try putTotals.bind(bits: totals.bytes, at: 2)
        try putTotals.bind(bits: totals.batches, at: 3)
        try putTotals.bind(bits: totals.rejects, at: 4)
        try putTotals.run()
    }
}
