/// Sizes that the stores agree on.
package enum StorageLimits {
    /// Partitions of the event log: 64 of users and one of the catalogue.
    package static let logPartitions = 65
    /// Batches per producer whose replies are kept.
    package static let producerWindow: UInt64 = 64
    /// Groups that one read of the log looks up, a few microseconds each: with smaller blocks than
    /// would fill it, or with many groups between them, it answers less.
    package static let lookupsPerRead = 2_048
    /// Groups that one step of retention removes.
    package static let groupsPerRemoval: Int64 = 1_000
    /// Bytes of one kept reply; of a longer one the counts stay, and the first rejects.
    package static let replyBytesMax = 1024
}

/// Everything that was ever appended to a log, in numbers.
package struct LogTotals: Sendable, Equatable {
    package var events: UInt64 = 0
    /// Bytes of records.
    package var bytes: UInt64 = 0
    package var batches: UInt64 = 0
    package var rejects: UInt64 = 0

    package init() {}
}

/// The durable log of events, totally ordered within each partition.
package protocol EventLog: AnyObject {
    /// Stores all of it or nothing, durable on return; answers the first offset of each block.
    func append(
        groups: [PendingBlock], batches: [ProducerBatch], rejects: [RejectRecord],
        receivedMs: Int64
    ) throws(StorageError) -> [UInt64]

    /// The blocks from the one that holds `offset` on: at least one if there is any, then as many
    /// as fit `maxBytes` and are found in `StorageLimits.lookupsPerRead`; the first may begin
    /// before `offset`. Refused as `outOfRange` below what is kept.
    func read(
        partition: Int, from offset: UInt64, maxBytes: Int
    ) throws(StorageError) -> [StoredBlock]

    /// The first offset the log still has, of every partition: 0 until a part of it was removed.
    func firsts() throws(StorageError) -> [UInt64]

    /// The next offset to be written in a partition.
    func end(partition: Int) throws(StorageError) -> UInt64

    /// The next offset to be written, of every partition.
    func ends() throws(StorageError) -> [UInt64]

    /// The newest epoch and sequence of a producer, nil if it never sent a batch.
    func producerState(_ producer: String) throws(StorageError) -> ProducerState?

    /// The reply of one of the producer's last 64 batches.
    func storedReply(
        producer: String, epoch: UInt64, sequence: UInt64
    ) throws(StorageError) -> [UInt8]?

    /// Refused records after the given id, oldest first.
    func rejects(after id: Int64, limit: Int) throws(StorageError) -> [StoredReject]

    /// How many records were refused, by error code.
    func rejectCounts() throws(StorageError) -> [Int: Int]

    func totals() throws(StorageError) -> LogTotals
}
