package import SQLite

/// The event log in one SQLite file, `events.sqlite`: one writer, any number of reading processes.
///
/// Blocks are only ever appended at the end of their table and found through the directory of
/// their group commit. An index by partition and offset was measured at half the append rate,
/// since each commit then rewrites one index page per partition.
package final class SQLiteEventLog: EventLog {
    static let partitions = StorageLimits.logPartitions
    static let presentFormat = 2
    static let fileName = "events.sqlite"

    let database: Database
    let statements: EventLogStatements
    let readOnly: Bool
    /// What the file is of; an earlier one only for readers.
    let format: Int
    /// Nil in a log that no present program has written yet.
    let notes: EventLogNoteStatements?
    /// Nil for a reader.
    let owners: EventLogOwners?
    /// How many rejects are kept.
    package var rejectLimits = RejectLimits()
    // What the last commit left behind; a reader of another process's file asks the file instead.
    var next: EventLogNext
    var producers: [String: KnownProducer]
    private var failure: StorageError?
    // Where the last read of each partition ended, so that reading on needs no search.
    var readHints: [(offset: UInt64, group: Int64)]

    /// Opens the log of a folder; the writer creates it, a reader needs it to be there.
    package convenience init(folder: String, readOnly: Bool = false) throws(StorageError) {
        var options = DatabaseOptions()
        options.readOnly = readOnly
        options.synchronous = .full
        options.pageSize = 16_384
        options.cacheBytes = 16 << 20
        options.checkpointPages = 500
        options.copiesLogAside = true
        try self.init(path: "\(folder)/\(Self.fileName)", options: options)
    }

    /// Opens a log with the connection's options chosen by the caller.
    package init(path: String, options: DatabaseOptions) throws(StorageError) {
        readOnly = options.readOnly
        readHints = .init(repeating: (0, 0), count: Self.partitions)
        do {
            let database = try Database(path: path, options: options)
            let format = try Schema.prepare(
                database, format: Self.presentFormat, readOnly: options.readOnly,
                tables: eventLogTables, changes: eventLogChanges)
            statements = try EventLogStatements(database, hasSeals: format == Self.presentFormat)
            self.format = format
            if !options.readOnly { try EventLogNoteStatements.makeTables(database) }
            owners = options.readOnly ? nil : try EventLogOwners(database)
            notes = try EventLogNoteStatements(database, readOnly: options.readOnly)
            self.database = database
            next = try EventLogNext(statements)
            producers = options.readOnly ? [:] : try statements.knownProducers()
        } catch {
            throw StorageError(error)
        }
    }

    package func append(
        groups: [PendingBlock], batches: [ProducerBatch], rejects: [RejectRecord],
        receivedMs: Int64
    ) throws(StorageError) -> [UInt64] {
        try append(
            groups: groups, batches: batches, rejects: rejects, notes: LogNotes(),
            receivedMs: receivedMs)
    }

    /// The same with what ingest keeps beside the records.
    package func append(
        groups: [PendingBlock], batches: [ProducerBatch], rejects: [RejectRecord],
        notes added: LogNotes, receivedMs: Int64
    ) throws(StorageError) -> [UInt64] {
        try check(groups)
        var known: [String: KnownProducer] = [:]
        let firsts = try appending { after in
            let firsts = try store(groups, receivedMs: receivedMs, next: &after)
            for claim in added.claims { try store(claim, known: &known, next: &after) }
            for batch in batches { try store(batch, known: &known, next: &after) }
            for (name, producer) in known { try statements.store(name, producer) }
            for reject in rejects {
                after.totals.rejects += 1
                try statements.store(reject, id: Int64(after.totals.rejects))
            }
            try store(added, rejects)
            return firsts
        }
        producers.merge(known) { _, new in new }
        note(added.claims)
        return firsts
    }

    /// Appends many groups in one transaction, each as if it had come by itself: for whoever makes
    /// a whole log.
    package func append(
        manyGroups groups: [[PendingBlock]], receivedMs: Int64
    ) throws(StorageError) {
        for group in groups { try check(group) }
        try appending { after in
            for group in groups {
                after.open = nil
                _ = try store(group, receivedMs: receivedMs, next: &after)
            }
            after.open = nil
        }
    }

    private func check(_ blocks: [PendingBlock]) throws(StorageError) {
        guard !readOnly else { throw .notWritable("the log is open for reading only") }
        for block in blocks {
            guard (0..<Self.partitions).contains(block.partition), block.count > 0 else {
                throw .invalid("block of partition \(block.partition), count \(block.count)")
            }
        }
    }

    /// Runs the body in a transaction with what the next append will use, which it moves on.
    private func appending<Value>(
        _ body: (inout EventLogNext) throws -> Value
    ) throws(StorageError) -> Value {
        if let failure { throw failure }
        var after = next
        do {
            let value = try database.transaction {
                let value = try body(&after)
                try statements.store(after.totals)
                return value
            }
            next = after
            return value
        } catch {
            let error = StorageError(error)
            // A failed sync may have dropped pages that still read back: nothing may be
            // acknowledged any more before the file was read again by a new process.
            if case .fatal = error { failure = error }
            throw error
        }
    }

    private func store(_ added: LogNotes, _ rejects: [RejectRecord]) throws {
        guard let notes, !rejects.isEmpty || added != LogNotes() else { return }
        var account = try notes.account()
        try notes.store(added, owners, &account)
        guard !rejects.isEmpty || !added.retried.isEmpty else { return }
        account.rows += UInt64(rejects.count)
        account.bytes += UInt64(rejects.reduce(0) { $0 + $1.keptBytes })
        try notes.trim(&account, to: rejectLimits)
        try notes.store(account)
    }

    private func store(
        _ groups: [PendingBlock], receivedMs: Int64, next: inout EventLogNext
    ) throws -> [UInt64] {
        guard !groups.isEmpty else { return [] }
        var open = next.openGroup(blocks: groups.count, receivedMs: receivedMs)
        var firsts: [UInt64] = []
        firsts.reserveCapacity(groups.count)
        for block in groups {
            let first = next.ends[block.partition]
            try statements.store(block, id: next.block, first: first)
            open.add(block, first: first)
            firsts.append(first)
            next.block += 1
            next.ends[block.partition] += UInt64(block.count)
            next.totals.events += UInt64(block.count)
            next.totals.bytes += UInt64(block.records.count)
        }
        try statements.store(open.group)
        next.latestMs = max(next.latestMs, receivedMs)
        next.open = open
        return firsts
    }

    private func store(
        _ batch: ProducerBatch, known: inout [String: KnownProducer], next: inout EventLogNext
    ) throws {
        var producer: KnownProducer
        if let found = known[batch.producer] ?? producers[batch.producer] {
            producer = found
        } else {
            producer = KnownProducer(id: next.producer, epoch: 0, sequence: 0)
            next.producer += 1
        }
        // Only the newest counts, so that a late batch cannot turn a producer back.
        if (producer.epoch, producer.sequence) < (batch.epoch, batch.sequence) {
            (producer.epoch, producer.sequence) = (batch.epoch, batch.sequence)
        }
        known[batch.producer] = producer
        try statements.store(batch, of: producer)
        next.totals.batches += 1
    }

    /// Lets the file grow by so many pages more; appends beyond that are refused as `diskFull`.
    package func limitGrowth(pages: Int) throws(StorageError) {
        try storing { try database.limit(pages: try database.pageCount() + pages) }
    }

    package func end(partition: Int) throws(StorageError) -> UInt64 {
        guard (0..<Self.partitions).contains(partition) else {
            throw .invalid("partition \(partition)")
        }
        return try ends()[partition]
    }

    package func ends() throws(StorageError) -> [UInt64] {
        guard readOnly else { return next.ends }
        return try storing { try EventLogNext(statements).ends }
    }

    package func totals() throws(StorageError) -> LogTotals {
        guard readOnly else { return next.totals }
        return try storing { try statements.totals() }
    }

    package func producerState(_ producer: String) throws(StorageError) -> ProducerState? {
        let found =
            readOnly ? try storing { try statements.producer(producer) } : producers[producer]
        return found.map { ProducerState(epoch: $0.epoch, lastSequence: $0.sequence) }
    }

    package func storedReply(
        producer: String, epoch: UInt64, sequence: UInt64
    ) throws(StorageError) -> [UInt8]? {
        try storing {
            let found = readOnly ? try statements.producer(producer) : producers[producer]
            guard let found else { return nil }
            return try statements.reply(of: found, epoch: epoch, sequence: sequence)
        }
    }

    package func rejects(after id: Int64, limit: Int) throws(StorageError) -> [StoredReject] {
        try storing { try statements.rejects(after: id, limit: limit) }
    }

    package func rejectCounts() throws(StorageError) -> [Int: Int] {
        try storing { try statements.rejectCounts() }
    }
}
