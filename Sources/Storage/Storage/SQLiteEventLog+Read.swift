extension SQLiteEventLog {
    package func read(
        partition: Int, from offset: UInt64, maxBytes: Int
    ) throws(StorageError) -> [StoredBlock] {
        guard (0..<Self.partitions).contains(partition) else {
            throw .invalid("partition \(partition)")
        }
        let end = try end(partition: partition)
        guard offset < end else { return [] }
        return try storing {
            var start = try group(holding: offset, of: partition)
            if try statements.group(start) == nil {
                // Another process has removed what the hint says.
                readHints[partition] = (0, 0)
                start = try group(holding: offset, of: partition)
            }
            let firstKept = try statements.group(start)?.0.starts[partition] ?? 0
            guard firstKept <= offset else { throw StorageError.outOfRange(firstKept: firstKept) }
            return try blocks(
                of: partition, from: offset, to: end, startingAt: start, maxBytes: maxBytes)
        }
    }

    private func blocks(
        of partition: Int, from offset: UInt64, to end: UInt64, startingAt group: Int64,
        maxBytes: Int
    ) throws -> [StoredBlock] {
        var found: [StoredBlock] = []
        var bytes = 0
        var position = offset
        var group = group
        while position < end {
            guard let (directory, firstBlock, receivedMs) = try statements.group(group) else {
                throw StorageError.corrupt("group \(group) of the log is missing")
            }
            var first = directory.starts[partition]
            for (place, entry) in directory.entries.enumerated() where entry.partition == partition
            {
                let past = first + UInt64(entry.count)
                defer { first = past }
                if past <= position { continue }
                let records = try statements.records(
                    block: firstBlock + Int64(place), partition: partition, first: first)
                if !found.isEmpty, bytes + records.count > maxBytes { return found }
                found.append(
                    StoredBlock(
                        partition: partition, firstOffset: first, count: entry.count,
                        records: records, receivedMs: receivedMs))
                bytes += records.count
                position = past
                readHints[partition] = (position, group)
                if bytes >= maxBytes { return found }
            }
            group += 1
        }
        return found
    }

    /// The last group that begins at or before the offset; the groups from it on hold the offset.
    private func group(holding offset: UInt64, of partition: Int) throws -> Int64 {
        let hint = readHints[partition]
        if hint.offset == offset, hint.group > 0 { return hint.group }
        var (low, high) = try statements.groupRange()
        while low < high {
            let middle = low + (high - low + 1) / 2
            guard let (directory, _, _) = try statements.group(middle) else {
                throw StorageError.corrupt("group \(middle) of the log is missing")
            }
            if directory.starts[partition] <= offset { low = middle } else { high = middle - 1 }
        }
        return low
    }
}
