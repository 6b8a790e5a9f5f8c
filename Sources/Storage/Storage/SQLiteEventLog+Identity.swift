import SQLite

/// Which log a file holds.
package struct LogIdentity: Sendable, Equatable {
    /// 16 bytes of chance, given when the file was made or became one of the present format.
    package var log: [UInt8]
    /// Raised when a log is restored or its end is cut off: what was read of it before may differ.
    package var generation: UInt64

    package init(log: [UInt8], generation: UInt64) {
        self.log = log
        self.generation = generation
    }

    /// The first bytes, as people compare them.
    package var name: String {
        log.prefix(4).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            + "/\(generation)"
    }
}

/// The last block that somebody has read of a partition: with it can be told whether a log is the
/// one that was read, also where it has lost its end and got another one meanwhile.
package struct LogMark: Sendable, Equatable {
    package var firstOffset: UInt64
    package var count: Int
    /// Over the records and their place.
    package var sum: UInt64

    package init(firstOffset: UInt64, count: Int, sum: UInt64) {
        self.firstOffset = firstOffset
        self.count = count
        self.sum = sum
    }

    package init(partition: Int, firstOffset: UInt64, count: Int, _ records: Span<UInt8>) {
        self.firstOffset = firstOffset
        self.count = count
        sum = GroupSeal.sum(partition: partition, first: firstOffset, count: count, records)
    }
}

extension SQLiteEventLog {
    /// Nil in a file of the first format, which only readers leave as it is.
    package func identity() throws(StorageError) -> LogIdentity? {
        guard format == Self.presentFormat else { return nil }
        return try storing {
            let row = try database.prepare("SELECT log, generation FROM identity WHERE id = 1")
            guard try row.step() else {
                throw StorageError.corrupt("the log does not say which it is")
            }
            return LogIdentity(log: row.bytes(0), generation: row.bits(1))
        }
    }

    /// The log is not what it was: restored, or cut.
    package func raiseGeneration() throws(StorageError) {
        guard !readOnly else { throw .notWritable("the log is open for reading only") }
        try storing {
            try database.execute("UPDATE identity SET generation = generation + 1 WHERE id = 1")
        }
    }

    /// Whether the log still has the block that somebody has read. True also where it was removed
    /// as old or is damaged, since then nothing can be told.
    package func holds(_ mark: LogMark, of partition: Int) throws(StorageError) -> Bool {
        do {
            let found = try read(partition: partition, from: mark.firstOffset, maxBytes: 1)
            guard let block = found.first else { return false }
            return mark
                == LogMark(
                    partition: partition, firstOffset: block.firstOffset, count: block.count,
                    block.records.span)
        } catch {
            switch error {
            case .outOfRange, .damaged: return true
            default: throw error
            }
        }
    }

    /// Puts everything into the one file, on disk, and empties the write-ahead log; false where a
    /// reader was in the way.
    @discardableResult
    package func settle() throws(StorageError) -> Bool {
        try storing { try database.checkpoint() }
    }
}
