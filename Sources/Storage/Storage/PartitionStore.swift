package import Messages

/// Everything that one step of folding changes in a partition.
package struct PartitionCommit: Sendable, Equatable {
    /// The epoch under which the partition was claimed.
    package var epoch: UInt64
    /// Offset in the event log of the first record that is not yet applied.
    package var appliedOffset: UInt64
    /// Of equal keys the last one counts.
    package var users: StateRows
    /// Empty ones are left out.
    package var outbox: [PendingBlock]
    /// The fold's own counters and memory, opaque here; nil leaves the stored ones.
    package var totals: [UInt8]?
    /// The last block of the log that is in it; nil leaves the stored one.
    package var mark: LogMark?

    package init(
        epoch: UInt64, appliedOffset: UInt64, users: StateRows = StateRows(),
        outbox: [PendingBlock] = [], totals: [UInt8]? = nil
    ) {
        self.epoch = epoch
        self.appliedOffset = appliedOffset
        self.users = users
        self.outbox = outbox
        self.totals = totals
    }
}

/// The folded state of one partition: users, applied offset and outbox, changed together.
package protocol PartitionStore: AnyObject {
    var partition: Int { get }

    /// Takes the partition for an epoch; refused as `fenced` where a newer epoch has it.
    func claim(epoch: UInt64) throws(StorageError)

    /// Stores all of it or nothing; answers the next outbox offset to be written.
    ///
    /// Refused as `fenced` unless the stored epoch is the commit's own.
    func commit(_ commit: PartitionCommit) throws(StorageError) -> UInt64

    func loadUser(_ key: UInt64) throws(StorageError) -> [UInt8]?

    /// Lends every user's state in the order of the keys' bit patterns as signed numbers.
    func forEachUser(_ body: (UInt64, Span<UInt8>) throws -> Void) throws(StorageError)

    /// Lends the next users in that order; answers the key to go on after, nil at the end.
    func readUsers(
        after key: UInt64?, limit: Int, _ body: (UInt64, Span<UInt8>) throws -> Void
    ) throws(StorageError) -> UInt64?

    func userCount() throws(StorageError) -> Int

    /// Whether no user is stored; quick however many there are.
    func isEmpty() throws(StorageError) -> Bool

    func epoch() throws(StorageError) -> UInt64

    func appliedOffset() throws(StorageError) -> UInt64

    /// What the last commits gave as totals; empty in a new store.
    func totals() throws(StorageError) -> [UInt8]

    /// Outbox blocks, as `EventLog.read` does.
    func readOutbox(from offset: UInt64, maxBytes: Int) throws(StorageError) -> [StoredBlock]

    /// The next outbox offset to be written.
    func outboxEnd() throws(StorageError) -> UInt64
}
