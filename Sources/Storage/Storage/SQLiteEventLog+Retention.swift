import SQLite

/// One group: where every partition stood before it, and when the last of it came in.
package struct LogGroup: Sendable, Equatable {
    package var id: Int64
    package var starts: [UInt64]
    package var receivedMs: Int64

    init(_ group: StoredGroup) {
        id = group.id
        starts = group.directory.starts
        receivedMs = group.newestMs
    }
}

/// Removing the oldest part of the log, a small step at a time.
extension SQLiteEventLog {
    /// The oldest and the newest group, nil in an empty log.
    package func groups() throws(StorageError) -> ClosedRange<Int64>? {
        try storing {
            let (low, high) = try statements.groupRange()
            return low > 0 && low <= high ? low...high : nil
        }
    }

    package func group(_ id: Int64) throws(StorageError) -> LogGroup? {
        try storing {
            try statements.group(id).map(LogGroup.init)
        }
    }

    /// Bytes of records in one group.
    package func bytes(ofGroup id: Int64) throws(StorageError) -> Int {
        try storing {
            guard let group = try statements.group(id) else { return 0 }
            return try statements.bytes(ofBlocks: group.firstBlock..<group.pastBlock)
        }
    }

    /// The first group, in the order of the log, for which the condition holds; the condition must
    /// hold for all that follow. Nil when it holds for none.
    package func firstGroup(
        where holds: (LogGroup) throws -> Bool
    ) throws(StorageError) -> LogGroup? {
        guard let range = try groups() else { return nil }
        return try storing {
            var (low, high) = (range.lowerBound, range.upperBound + 1)
            while low < high {
                let middle = low + (high - low) / 2
                let group = try statements.presentGroup(middle)
                if try holds(LogGroup(group)) { high = middle } else { low = middle + 1 }
            }
            return low <= range.upperBound ? try group(low) : nil
        }
    }

    /// Removes groups before `target` from the oldest on, until so many bytes or
    /// `StorageLimits.groupsPerRemoval` are gone: one transaction, so that a crash leaves whole
    /// groups. The newest group always stays. Its space in the file is used again by what comes in.
    ///
    /// - Returns: false when there is nothing left to remove.
    package func removeOldest(before target: Int64, bytesMax: Int) throws(StorageError) -> Bool {
        guard !readOnly else { throw .notWritable("the log is open for reading only") }
        guard let range = try groups() else { return false }
        let last = min(target, range.upperBound)
        guard range.lowerBound < last else { return false }
        let most = min(last, range.lowerBound + StorageLimits.groupsPerRemoval)
        let reached = try storing {
            try database.transaction {
                var (group, bytes) = (range.lowerBound, 0)
                while group < most, bytes < bytesMax {
                    bytes += try self.bytes(ofGroup: group)
                    group += 1
                }
                let kept = try statements.presentGroup(group)
                try database.execute(
                    """
                    DELETE FROM blocks WHERE id < \(kept.firstBlock);
                    DELETE FROM groups WHERE id < \(group)
                    """)
                return group
            }
        }
        for partition in readHints.indices where readHints[partition].group < reached {
            readHints[partition] = (0, 0)
        }
        return reached < last
    }

    /// Notes which producers sent something since the last call, and forgets those that have been
    /// silent since before `silentSinceMs`: a batch that comes again from one of them counts again.
    ///
    /// - Returns: the names that were forgotten.
    package func forgetProducers(
        silentSinceMs: Int64, nowMs: Int64
    ) throws(StorageError) -> [String] {
        let gone = try storing {
            try database.transaction {
                try database.execute(
                    """
                    CREATE TABLE IF NOT EXISTS producer_marks (
                        id INTEGER PRIMARY KEY, epoch INTEGER, sequence INTEGER, seen_ms INTEGER);
                    INSERT INTO producer_marks
                    SELECT p.id, p.epoch, p.sequence, \(nowMs) FROM producers p
                    LEFT JOIN producer_marks m ON m.id = p.id
                    WHERE m.id IS NULL OR m.epoch <> p.epoch OR m.sequence <> p.sequence
                    ON CONFLICT DO UPDATE SET epoch = excluded.epoch,
                        sequence = excluded.sequence, seen_ms = excluded.seen_ms
                    """)
                let silent = try database.prepare(
                    """
                    SELECT p.name, p.id FROM producers p JOIN producer_marks m ON m.id = p.id
                    WHERE m.seen_ms < ? LIMIT 1000
                    """)
                try silent.bind(silentSinceMs, at: 1)
                var gone: [(name: String, id: Int64)] = []
                while try silent.step() { gone.append((silent.text(0), silent.int64(1))) }
                let window = Int64(StorageLimits.producerWindow)
                for (_, id) in gone {
                    let (first, past) = (id * window, (id + 1) * window)
                    try database.execute(
                        """
                        DELETE FROM replies WHERE id >= \(first) AND id < \(past);
                        DELETE FROM producer_marks WHERE id = \(id);
                        DELETE FROM producer_owners WHERE id = \(id);
                        DELETE FROM producers WHERE id = \(id)
                        """)
                }
                return gone.map(\.name)
            }
        }
        for name in gone {
            if let producer = producers.removeValue(forKey: name) { owners?.forget(producer.id) }
        }
        return gone
    }
}
