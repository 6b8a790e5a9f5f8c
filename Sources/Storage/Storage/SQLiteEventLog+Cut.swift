import SQLite

/// Copying the log while it is written, and cutting its end off while it is not.
extension SQLiteEventLog {
    package func firsts() throws(StorageError) -> [UInt64] {
        try storing {
            let (low, _) = try statements.groupRange()
            return try statements.group(low)?.directory.starts
                ?? .init(repeating: 0, count: Self.partitions)
        }
    }

    /// Copies one unchanging view into a new file, durable on return, while others may write.
    package func copy(
        to path: String, progress: (_ done: Int, _ all: Int) throws -> Void = { _, _ in }
    ) throws(StorageError) {
        try storing { try database.copy(to: path, progress: progress) }
    }

    /// Bytes of the file's pages; those that are free are used again before the file grows.
    package func fileBytes() throws(StorageError) -> (all: Int, free: Int) {
        try storing { (try database.fileBytes(), try database.freeBytes()) }
    }

    /// When the oldest and the newest group came in; nil in an empty log.
    package func receivedRange() throws(StorageError) -> ClosedRange<Int64>? {
        try storing {
            let (low, high) = try statements.groupRange()
            guard let first = try statements.group(low)?.receivedMs,
                let last = try statements.group(high)?.newestMs
            else { return nil }
            return min(first, last)...max(first, last)
        }
    }

    /// Where every partition stood when the last commit of that moment had been written; nil when
    /// the log begins later. A commit that came in after the moment ends the search, so a clock
    /// that was turned back afterwards does not matter.
    package func offsets(at timeMs: Int64) throws(StorageError) -> [UInt64]? {
        try storing {
            guard let id = try firstGroup(after: timeMs) else { return try ends() }
            let group = try statements.presentGroup(id)
            let count = group.blocks(at: timeMs)
            let reached = group.directory.keeping(blocks: count).ends
            let isBeforeAll = try count == 0 && id == statements.groupRange().low
            return isBeforeAll && reached.contains { $0 > 0 } ? nil : reached
        }
    }

    /// Removes everything that came in after the moment, with rejects and event ids; only for a
    /// log that nobody else has open. What producers were told stays, unless it is to be
    /// forgotten: then they begin new epochs, and whatever they send counts again.
    package func cut(
        after timeMs: Int64, forgettingProducers: Bool = false
    ) throws(StorageError) {
        guard !readOnly else { throw .notWritable("the log is open for reading only") }
        try storing {
            try database.transaction {
                if let group = try firstGroup(after: timeMs) {
                    try remove(from: group, after: timeMs)
                }
                try removeNotes(after: timeMs)
                try raiseGeneration()
                if forgettingProducers {
                    try database.execute("DELETE FROM producers; DELETE FROM replies")
                }
            }
            next = try EventLogNext(statements)
            producers = try statements.knownProducers()
            try owners?.load(database)
            // Other records take the places of those that went.
            let ends = next.ends
            var quarantine = try quarantine()
            try quarantine.remove { $0.offset >= ends[$0.partition] }
            readHints = .init(repeating: (0, 0), count: Self.partitions)
        }
    }

    /// The first group that came in after a moment. Groups with seals know the latest time up to
    /// them, which rises even where the clock was turned back, so that halving finds the first;
    /// those before have to be looked at one by one.
    private func firstGroup(after timeMs: Int64) throws -> Int64? {
        let (oldest, newest) = try statements.groupRange()
        let sealed = max(statements.sealedFrom, oldest)
        if oldest < sealed {
            let unsealed = try database.integer(
                "SELECT min(id) FROM groups WHERE id < \(sealed) AND received_ms > \(timeMs)")
            if let unsealed { return unsealed }
        }
        var (low, high) = (sealed, newest + 1)
        while low < high {
            let middle = low + (high - low) / 2
            let group = try statements.presentGroup(middle)
            if group.seal?.latestMs ?? group.receivedMs > timeMs {
                high = middle
            } else {
                low = middle + 1
            }
        }
        return low <= newest && newest > 0 ? low : nil
    }

    /// Removes what came in after a moment from the group that has the first of it on.
    private func remove(from id: Int64, after timeMs: Int64) throws {
        let group = try statements.presentGroup(id)
        let count = group.blocks(at: timeMs)
        let latestMs = try statements.group(id - 1)?.seal?.latestMs ?? group.receivedMs
        let kept = group.keeping(blocks: count, latestBeforeMs: latestMs)
        if try count == 0 && id == statements.groupRange().low,
            kept.directory.starts.contains(where: { $0 > 0 })
        {
            throw StorageError.invalid("the log begins after that moment")
        }
        let firstBlock = kept.pastBlock
        let bytes = try database.integer(
            "SELECT sum(length(records)) FROM blocks WHERE id >= \(firstBlock)")
        var totals = try statements.totals()
        totals.events = kept.directory.ends.reduce(0, +)
        totals.bytes -= min(totals.bytes, UInt64(bytes ?? 0))
        try statements.store(totals)
        try database.execute(
            "DELETE FROM blocks WHERE id >= \(firstBlock); DELETE FROM groups WHERE id >= \(id)")
        if count > 0 { try statements.store(kept) }
    }

    /// What was noted later goes too. The count of all rejects stays: it gives them their ids.
    private func removeNotes(after timeMs: Int64) throws {
        try database.execute(
            """
            UPDATE reject_counts SET count = count - (
                SELECT count(*) FROM rejects
                WHERE rejects.code = reject_counts.code AND received_ms > \(timeMs));
            DELETE FROM rejects WHERE received_ms > \(timeMs);
            DELETE FROM reject_marks WHERE id NOT IN (SELECT id FROM rejects);
            UPDATE reject_account SET rows = (SELECT count(*) FROM rejects), bytes = (
                SELECT coalesce(sum(length(record) + length(message)), 0) FROM rejects);
            DELETE FROM event_ids WHERE at_ms > \(timeMs);
            DELETE FROM applied;
            """)
    }
}
