import SQLite

extension EventLogStatements {
    /// A group, checked with its seal; nil where there is none of that number.
    func group(_ id: Int64) throws -> StoredGroup? {
        lookups += 1
        try getGroup.bind(id, at: 1)
        defer { getGroup.reset() }
        guard try getGroup.step() else { return nil }
        let row = try foundRow(id)
        return try getGroup.withBytes(2) { bytes in
            let seal = try getGroup.withBytes(3) { seal -> GroupSeal? in
                guard !seal.isEmpty else { return nil }
                guard let seal = GroupSeal(decoding: seal, row: row, directory: bytes) else {
                    throw StorageError.damagedGroup(id)
                }
                return seal
            }
            let directory = try GroupDirectory(
                decoding: bytes, partitions: StorageLimits.logPartitions)
            return StoredGroup(
                id: id, directory: directory, firstBlock: row.firstBlock,
                receivedMs: row.receivedMs, seal: seal)
        }
    }

    /// The same of a group that has to be there.
    func presentGroup(_ id: Int64) throws -> StoredGroup {
        guard let group = try group(id) else {
            throw StorageError.corrupt("group \(id) of the log is missing")
        }
        return group
    }

    /// Where a partition stood before a group; nil where there is no such group.
    func start(of partition: Int, in group: Int64) throws -> UInt64? {
        lookups += 1
        try getGroup.bind(group, at: 1)
        defer { getGroup.reset() }
        guard try getGroup.step() else { return nil }
        let row = try foundRow(group)
        return try getGroup.withBytes(2) { bytes in
            try getGroup.withBytes(3) { seal in
                guard seal.isEmpty || GroupSeal.holds(seal, row: row, directory: bytes) else {
                    throw StorageError.damagedGroup(group)
                }
            }
            return try GroupDirectory.start(of: partition, in: bytes)
        }
    }

    private func foundRow(_ group: Int64) throws -> GroupSeal.Row {
        let firstBlock = getGroup.int64(0)
        guard group < sealedFrom || !getGroup.isNull(3), (0..<1 << 62).contains(firstBlock) else {
            throw StorageError.damagedGroup(group)
        }
        return GroupSeal.Row(id: group, firstBlock: firstBlock, receivedMs: getGroup.int64(1))
    }

    /// The oldest and the newest group; (0, 0) in an empty log.
    func groupRange() throws -> (low: Int64, high: Int64) {
        defer { getGroupRange.reset() }
        guard try getGroupRange.step() else { return (0, 0) }
        return (getGroupRange.int64(0), getGroupRange.int64(1))
    }

    /// The records of the block at a place of a group's directory, checked with the group's seal.
    func records(_ group: StoredGroup, place: Int, first: UInt64) throws -> [UInt8] {
        let entry = group.directory.entries[place]
        let past = first + UInt64(entry.count)
        func damaged(_ why: String) -> StorageError {
            .damaged(partition: entry.partition, first: first, past: past, why)
        }
        try getBlock.bind(group.firstBlock + Int64(place), at: 1)
        defer { getBlock.reset() }
        guard try getBlock.step() else { throw damaged("the block is missing") }
        guard getBlock.int(0) == entry.partition, getBlock.bits(1) == first else {
            throw damaged("the block is not what its group says")
        }
        let records = getBlock.bytes(2)
        guard let seal = group.seal else { return records }
        let sum = GroupSeal.sum(
            partition: entry.partition, first: first, count: entry.count, records.span)
        guard place < seal.blocks.count, seal.blocks[place] == sum else {
            throw damaged("the block's bytes are not those that were written")
        }
        return records
    }

    /// Bytes of records in blocks.
    func bytes(ofBlocks ids: Range<Int64>) throws -> Int {
        try getBytes.bind(ids.lowerBound, at: 1)
        try getBytes.bind(ids.upperBound, at: 2)
        defer { getBytes.reset() }
        return try getBytes.step() ? getBytes.int(0) : 0
    }

    func producer(_ name: String) throws -> KnownProducer? {
        try getProducer.bind(name, at: 1)
        defer { getProducer.reset() }
        guard try getProducer.step() else { return nil }
        return KnownProducer(
            id: getProducer.int64(0), epoch: getProducer.bits(1), sequence: getProducer.bits(2))
    }

    func knownProducers() throws -> [String: KnownProducer] {
        defer { getProducers.reset() }
        var known: [String: KnownProducer] = [:]
        while try getProducers.step() {
            known[getProducers.text(3)] = KnownProducer(
                id: getProducers.int64(0), epoch: getProducers.bits(1),
                sequence: getProducers.bits(2))
        }
        return known
    }

    func nextProducer() throws -> Int64 {
        defer { getNextProducer.reset() }
        return try getNextProducer.step() ? getNextProducer.int64(0) : 1
    }

    func reply(of producer: KnownProducer, epoch: UInt64, sequence: UInt64) throws -> [UInt8]? {
        try getReply.bind(producer.replyID(sequence), at: 1)
        defer { getReply.reset() }
        guard try getReply.step(), getReply.bits(0) == epoch, getReply.bits(1) == sequence else {
            return nil
        }
        return getReply.bytes(2)
    }

    func rejects(after id: Int64, limit: Int) throws -> [StoredReject] {
        try getRejects.bind(id, at: 1)
        try getRejects.bind(max(0, limit), at: 2)
        defer { getRejects.reset() }
        var found: [StoredReject] = []
        while try getRejects.step() {
            let reject = RejectRecord(
                producer: getRejects.text(1), epoch: getRejects.bits(2),
                sequence: getRejects.bits(3), index: getRejects.int(4), code: getRejects.int(5),
                message: getRejects.text(6), record: getRejects.bytes(8),
                receivedMs: getRejects.int64(7))
            found.append(StoredReject(id: getRejects.int64(0), reject: reject))
        }
        return found
    }

    func rejectCounts() throws -> [Int: Int] {
        defer { getRejectCounts.reset() }
        var counts: [Int: Int] = [:]
        while try getRejectCounts.step() {
            counts[getRejectCounts.int(0)] = getRejectCounts.int(1)
        }
        return counts
    }

    func totals() throws -> LogTotals {
        defer { getTotals.reset() }
        guard try getTotals.step() else { throw StorageError.corrupt("the totals are missing") }
        var totals = LogTotals()
        totals.events = getTotals.bits(0)
        totals.bytes = getTotals.bits(1)
        totals.batches = getTotals.bits(2)
        totals.rejects = getTotals.bits(3)
        return totals
    }
}
