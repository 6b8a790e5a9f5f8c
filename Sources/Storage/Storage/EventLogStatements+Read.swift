import SQLite

extension EventLogStatements {
    func group(_ id: Int64) throws -> (GroupDirectory, firstBlock: Int64, receivedMs: Int64)? {
        try getGroup.bind(id, at: 1)
        defer { getGroup.reset() }
        guard try getGroup.step() else { return nil }
        let directory = try getGroup.withBytes(2) { bytes throws(StorageError) in
            try GroupDirectory(decoding: bytes, partitions: StorageLimits.logPartitions)
        }
        return (directory, getGroup.int64(0), getGroup.int64(1))
    }

    /// The oldest and the newest group; (0, 0) in an empty log.
    func groupRange() throws -> (low: Int64, high: Int64) {
        defer { getGroupRange.reset() }
        guard try getGroupRange.step() else { return (0, 0) }
        return (getGroupRange.int64(0), getGroupRange.int64(1))
    }

    func records(block id: Int64, partition: Int, first: UInt64) throws -> [UInt8] {
        try getBlock.bind(id, at: 1)
        defer { getBlock.reset() }
        guard try getBlock.step(), getBlock.int(0) == partition, getBlock.bits(1) == first else {
            throw StorageError.corrupt("block \(id) is not what its group says")
        }
        return getBlock.bytes(2)
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
