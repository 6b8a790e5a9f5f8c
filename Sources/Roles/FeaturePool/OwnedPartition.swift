import Events
import Features
import Messages
import Runtime
import Storage

/// One partition in the hands of this worker: its fold, its store, and when they were last made
/// one. A class, because a struct in a dictionary is copied, with every reference in it counted,
/// for each look at one of its numbers.
final class OwnedPartition {
    var fold: PartitionFold
    let store: any PartitionStore
    /// Of the lease: the store refuses what comes under an older one.
    let epoch: UInt64
    /// When the oldest uncommitted change was folded, on the monotonic clock.
    var dirtySince: Duration?
    var lastCommit: Duration = .zero
    var outboxEnd: UInt64
    /// The newest block that was applied, as it came from the log: for the mark.
    var lastBlock: Block?
    /// What a full disk did not take.
    private var unwritten: PartitionCommit?
    /// Offsets that are not applied; nil until the first block comes.
    private var leftOut: Set<UInt64>?
    /// Everything before this offset is in the store.
    private(set) var committedOffset: UInt64

    /// The store must have been claimed for the epoch, so that nobody else changes what is read
    /// here.
    init(
        store: any PartitionStore, epoch: UInt64, parameters: FoldParameters, keys: UserKeys
    ) throws {
        self.store = store
        self.epoch = epoch
        outboxEnd = try store.outboxEnd()
        committedOffset = try store.appliedOffset()
        let applied = committedOffset
        let stored = try store.totals()
        let totals = try FoldTotals(stored) { take in try store.forEachUser { take($1) } }
        // Of an earlier version: once it is stored nobody has to ask the states again.
        if stored != totals.encoded(), totals.newestMs > 0 { dirtySince = .zero }
        fold = PartitionFold(
            partition: store.partition,
            appliedOffset: Fault.doubleApply.isOn ? applied - min(applied, 3) : applied,
            storeIsEmpty: try store.isEmpty(), parameters: parameters, keys: keys,
            newestMs: totals.newestMs)
    }

    /// Applies a block; `changed` receives the hashes of changed users.
    func apply(
        _ block: Block, at now: Duration, changed: inout [UInt64], poison: PoisonWatch
    ) throws {
        let store = self.store
        let leftOut = try self.leftOut ?? poison.leftOut(of: fold.partition)
        self.leftOut = leftOut
        let watch = poison.fold(block, leftOut: leftOut)
        defer { poison.rest() }
        try fold.fold(
            block.records.span, firstOffset: block.firstOffset, changed: &changed, watch: watch,
            load: { try store.loadUser($0) })
        if fold.isDirty && dirtySince == nil { dirtySince = now }
    }

    /// By what the log is recognised that was folded here, what is not committed included.
    var mark: LogMark? {
        lastBlock.map { block in
            LogMark(
                partition: fold.partition, firstOffset: block.firstOffset,
                count: Int(block.count), block.records.span)
        }
    }

    /// Writes states, offset and outbox in one transaction. `changes` lends its room; what it
    /// holds is replaced.
    ///
    /// - Returns: how many users were written.
    func commit(
        at now: Duration, hotLimit: HotLimit, changes: inout FoldChanges
    ) throws -> Int {
        fold.takeChanges(into: &changes)
        var commit = PartitionCommit(
            epoch: epoch, appliedOffset: fold.appliedOffset, users: changes.users,
            outbox: [
                PendingBlock(
                    partition: fold.partition, count: changes.outbox.count,
                    records: changes.outbox.bytes)
            ], totals: fold.totals.encoded())
        commit.mark = mark
        if let earlier = unwritten { commit = Self.joined(earlier, commit) }
        // Whatever fails, the changes are out of the fold: they are kept for the next try.
        unwritten = commit
        outboxEnd = try store.commit(commit)
        unwritten = nil
        committedOffset = fold.appliedOffset
        fold.shrink(to: hotLimit)
        dirtySince = nil
        lastCommit = now
        return changes.users.count
    }

    /// Of two states of one user the store keeps the later.
    private static func joined(_ one: PartitionCommit, _ next: PartitionCommit) -> PartitionCommit {
        var all = next
        all.users = one.users
        all.users.append(next.users)
        // Each block by itself: its entries refer to one another.
        all.outbox = one.outbox + next.outbox
        return all
    }

    func state(of userID: String) throws -> UserState? {
        let store = self.store
        return try fold.state(of: userID, load: { try store.loadUser($0) })
    }
}
