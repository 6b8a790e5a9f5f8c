import SQLite

extension SQLiteEventLog {
    package func read(
        partition: Int, from offset: UInt64, maxBytes: Int
    ) throws(StorageError) -> [StoredBlock] {
        try read(
            partition: partition, from: offset, maxBytes: maxBytes,
            lookupsMax: StorageLimits.lookupsPerRead)
    }

    /// As ``read(partition:from:maxBytes:)`` with a bound of the caller's on how many groups are
    /// looked up: where blocks are small or far apart fewer come than would fit, though never none
    /// where there is one. The next read goes on behind the last.
    package func read(
        partition: Int, from offset: UInt64, maxBytes: Int, lookupsMax: Int
    ) throws(StorageError) -> [StoredBlock] {
        guard (0..<Self.partitions).contains(partition) else {
            throw .invalid("partition \(partition)")
        }
        // One view: retention of another process may remove groups meanwhile. It also takes the
        // locks of a read once and not for each group.
        return try storing {
            guard database.isIdle else {
                return try find(partition, offset, maxBytes, lookupsMax)
            }
            return try database.snapshot { try find(partition, offset, maxBytes, lookupsMax) }
        }
    }

    /// Groups looked up since the log was opened.
    package var lookups: Int { statements.lookups }

    private func find(
        _ partition: Int, _ offset: UInt64, _ maxBytes: Int, _ lookupsMax: Int
    ) throws -> [StoredBlock] {
        let end = try end(partition: partition)
        guard offset < end else { return [] }
        let before = statements.lookups
        let (low, high) = try statements.groupRange()
        let hint = readHints[partition]
        var group = hint.group
        if hint.offset != offset || hint.group < low {
            let firstKept = try start(of: partition, in: low) ?? 0
            guard firstKept <= offset else { throw StorageError.outOfRange(firstKept: firstKept) }
            group = try lastGroup(in: low...high, of: partition, startingBy: offset)
        }
        do {
            return try blocks(
                of: partition, from: offset, to: end, in: group...max(group, high),
                maxBytes: maxBytes, lookupsMax: before + lookupsMax)
        } catch StorageError.corrupt(let text) {
            // Whoever can do without knows where it goes on: where the next sound group begins.
            let holder = try lastGroup(in: low...high, of: partition, startingBy: offset)
            let next = try sound(from: min(holder + 1, high), in: low...high, of: partition)?.1
            throw StorageError.damaged(
                partition: partition, first: offset, past: max(next ?? end, offset + 1), text)
        }
    }

    /// The blocks from the first of `groups` on, which begins at or before the offset.
    private func blocks(
        of partition: Int, from offset: UInt64, to end: UInt64, in groups: ClosedRange<Int64>,
        maxBytes: Int, lookupsMax: Int
    ) throws -> [StoredBlock] {
        var found: [StoredBlock] = []
        var bytes = 0
        var position = offset
        var group = groups.lowerBound
        while position < end, found.isEmpty || statements.lookups < lookupsMax {
            guard let stored = try sound(group, unless: !found.isEmpty) else { return found }
            let before = position
            var first = stored.directory.starts[partition]
            for (place, entry) in stored.directory.entries.enumerated()
            where entry.partition == partition {
                let past = first + UInt64(entry.count)
                defer { first = past }
                if past <= position { continue }
                guard let records = try sound(stored, place, first, unless: !found.isEmpty)
                else { return found }
                if !found.isEmpty, bytes + records.count > maxBytes { return found }
                found.append(
                    StoredBlock(
                        partition: partition, firstOffset: first, count: entry.count,
                        records: records, receivedMs: stored.receivedMs(at: place)))
                bytes += records.count
                position = past
                readHints[partition] = (position, group)
                if bytes >= maxBytes { return found }
            }
            guard position < end else { break }
            group += 1
            guard group <= groups.upperBound else {
                throw StorageError.corrupt("the log ends before its partition \(partition)")
            }
            // A group without the partition: the next block may be one group away or a million.
            if position == before {
                group = try nextGroup(
                    in: group...groups.upperBound, of: partition, startingBy: position)
            }
        }
        return found
    }

    /// A group, or nil where it is damaged and the caller has `something` to answer first: then the
    /// next read says what is wrong.
    private func sound(_ group: Int64, unless something: Bool) throws -> StoredGroup? {
        do {
            return try statements.presentGroup(group)
        } catch let error as StorageError {
            guard something else { throw error }
            return nil
        }
    }

    private func sound(
        _ group: StoredGroup, _ place: Int, _ first: UInt64, unless something: Bool
    ) throws -> [UInt8]? {
        do {
            return try statements.records(group, place: place, first: first)
        } catch let error as StorageError {
            guard something else { throw error }
            return nil
        }
    }

    /// The last group that begins at or before the offset, which therefore holds it; found in steps
    /// that double, so that the cost is the logarithm of the distance and not of the log.
    private func nextGroup(
        in groups: ClosedRange<Int64>, of partition: Int, startingBy offset: UInt64
    ) throws -> Int64 {
        var (low, step) = (groups.lowerBound, Int64(1))
        while groups.upperBound - low >= step {
            guard let start = try start(of: partition, in: low + step) else { break }
            guard start <= offset else {
                return try lastGroup(
                    in: low...(low + step - 1), of: partition, startingBy: offset)
            }
            low += step
            step *= 2
        }
        return try lastGroup(in: low...groups.upperBound, of: partition, startingBy: offset)
    }

    /// The same by halving; the first of the groups begins at or before the offset. A damaged group
    /// is passed by, so that it stops nobody who wants nothing of it.
    private func lastGroup(
        in groups: ClosedRange<Int64>, of partition: Int, startingBy offset: UInt64
    ) throws -> Int64 {
        var (low, high) = (groups.lowerBound, groups.upperBound)
        while low < high {
            let middle = low + (high - low + 1) / 2
            guard let (group, start) = try sound(from: middle, in: low...high, of: partition)
            else { break }
            if start <= offset { low = group } else { high = min(middle, group) - 1 }
        }
        guard low < high else { return low }
        // All between are damaged: either the first one holds the offset or one of those does.
        let holds = try statements.group(low)?.directory.ends[partition] ?? 0 > offset
        return holds ? low : low + 1
    }

    /// Where a partition stood before the sound group next to `middle`; nil where there is none but
    /// the lowest.
    private func sound(
        from middle: Int64, in groups: ClosedRange<Int64>, of partition: Int
    ) throws -> (Int64, UInt64)? {
        for group in middle...groups.upperBound {
            if let start = try start(of: partition, in: group) { return (group, start) }
        }
        for group in stride(from: middle - 1, to: groups.lowerBound, by: -1) {
            if let start = try start(of: partition, in: group) { return (group, start) }
        }
        return nil
    }

    /// Nil where the group is damaged.
    private func start(of partition: Int, in group: Int64) throws -> UInt64? {
        do {
            guard let start = try statements.start(of: partition, in: group) else {
                throw StorageError.damagedGroup(group)
            }
            return start
        } catch StorageError.corrupt {
            return nil
        }
    }
}
