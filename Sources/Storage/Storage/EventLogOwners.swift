import SQLite

/// Beside the tables of the first days, which say nothing of keys: whose a producer's name is, and
/// whose a row of event ids. What has no row here is of an earlier version, and nobody's yet.
private let ownerTables = """
    CREATE TABLE IF NOT EXISTS producer_owners (id INTEGER PRIMARY KEY, owner TEXT);
    CREATE TABLE IF NOT EXISTS event_id_owners (id INTEGER PRIMARY KEY, owner TEXT);
    """

/// The keys that producers' names and event ids belong to: the statements of the log's writer, and
/// how many names each key has.
final class EventLogOwners {
    private let putProducer: Statement
    private let dropProducer: Statement
    private let putEventIDs: Statement
    private let dropEventIDs: Statement
    /// Each key once, however many names it has.
    private var keys: [String] = []
    private var places: [String: Int] = [:]
    private var names: [Int] = []
    private var ofProducer: [Int64: Int] = [:]

    init(_ database: Database) throws {
        try database.transaction { try database.execute(ownerTables) }
        putProducer = try database.prepare("INSERT OR REPLACE INTO producer_owners VALUES (?, ?)")
        dropProducer = try database.prepare("DELETE FROM producer_owners WHERE id = ?")
        putEventIDs = try database.prepare(
            "INSERT OR REPLACE INTO event_id_owners SELECT max(id), ?1 FROM event_ids")
        dropEventIDs = try database.prepare(
            """
            DELETE FROM event_id_owners WHERE id < coalesce(
                (SELECT min(id) FROM event_ids), 9223372036854775807)
            """)
        try load(database)
    }

    /// What the file says; owners of producers that are gone go.
    func load(_ database: Database) throws {
        (keys, places, names, ofProducer) = ([], [:], [], [:])
        try database.execute(
            "DELETE FROM producer_owners WHERE id NOT IN (SELECT id FROM producers)")
        let rows = try database.prepare("SELECT id, owner FROM producer_owners")
        while try rows.step() { note(rows.int64(0), rows.text(1)) }
    }

    func owner(of producer: KnownProducer) -> String? {
        ofProducer[producer.id].map { keys[$0] }
    }

    /// Names that a key has.
    func count(of key: String) -> Int { places[key].map { names[$0] } ?? 0 }

    func store(_ producer: Int64, _ owner: String) throws {
        try putProducer.bind(producer, at: 1)
        try putProducer.bind(owner, at: 2)
        try putProducer.run()
    }

    /// What was stored is on disk.
    func note(_ producer: Int64, _ owner: String) {
        forget(producer)
        let place = places[owner] ?? keys.count
        if place == keys.count {
            keys.append(owner)
            names.append(0)
            places[owner] = place
        }
        ofProducer[producer] = place
        names[place] += 1
    }

    /// The producer is gone from the log.
    func forget(_ producer: Int64) {
        guard let place = ofProducer.removeValue(forKey: producer) else { return }
        names[place] -= 1
    }

    /// The row of event ids that was stored last is of this key.
    func storeOwnerOfEventIDs(_ owner: String) throws {
        try putEventIDs.bind(owner, at: 1)
        try putEventIDs.run()
    }

    /// Owners of rows that are forgotten go with them.
    func dropOwnersOfForgotten() throws { try dropEventIDs.run() }
}

extension SQLiteEventLog {
    /// The key that a producer's name belongs to; nil where it is nobody's yet.
    package func owner(ofProducer name: String) -> String? {
        producers[name].flatMap { owners?.owner(of: $0) }
    }

    /// How many names of producers a key has.
    package func producerCount(ofKey key: String) -> Int { owners?.count(of: key) ?? 0 }

    /// Stores whose a name is, also of a producer that numbers nothing and so has no batch.
    func store(
        _ claim: ProducerClaim, known: inout [String: KnownProducer], next: inout EventLogNext
    ) throws {
        var producer = known[claim.producer] ?? producers[claim.producer]
        if producer == nil {
            producer = KnownProducer(id: next.producer, epoch: 0, sequence: 0)
            next.producer += 1
        }
        guard let producer else { return }
        known[claim.producer] = producer
        try owners?.store(producer.id, claim.owner)
    }

    /// Claims whose group is on disk.
    func note(_ claims: [ProducerClaim]) {
        for claim in claims {
            guard let producer = producers[claim.producer] else { continue }
            owners?.note(producer.id, claim.owner)
        }
    }
}
