/// Consecutive records of one partition that wait to be stored.
package struct PendingBlock: Sendable, Equatable {
    package var partition: Int
    /// Number of records; offsets count records.
    package var count: Int
    /// The records, each delimited by its length.
    package var records: [UInt8]

    package init(partition: Int, count: Int, records: [UInt8]) {
        self.partition = partition
        self.count = count
        self.records = records
    }
}

/// Consecutive records of one partition as they were stored.
package struct StoredBlock: Sendable, Equatable {
    package var partition: Int
    /// Offset of the first record.
    package var firstOffset: UInt64
    package var count: Int
    package var records: [UInt8]
    /// When the block came in; 0 in an outbox.
    package var receivedMs: Int64

    package init(
        partition: Int, firstOffset: UInt64, count: Int, records: [UInt8], receivedMs: Int64
    ) {
        self.partition = partition
        self.firstOffset = firstOffset
        self.count = count
        self.records = records
        self.receivedMs = receivedMs
    }

    /// Offset after the last record.
    package var endOffset: UInt64 { firstOffset + UInt64(count) }
}
