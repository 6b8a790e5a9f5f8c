import Events
import Messages
package import Storage

/// Removes what a plan allows, a few milliseconds at a time; whoever owns the log calls ``next``
/// between commits. It may be given up after any step, also by a crash: the next plan goes on.
package struct RetentionSteps {
    package enum Step: Sendable {
        /// Items were appended again as this block, at this offset.
        case kept(PendingBlock, at: UInt64)
        case removed
        case done
    }

    private var plan: RetentionPlan.Outcome
    private let itemsPerStep: Int
    private let bytesPerStep: Int
    /// True while items are appended again.
    package private(set) var isKeeping = true

    package init(
        _ plan: RetentionPlan.Outcome, itemsPerStep: Int = 500, bytesPerStep: Int = 1 << 20
    ) {
        self.plan = plan
        self.itemsPerStep = itemsPerStep
        self.bytesPerStep = bytesPerStep
    }

    package mutating func next(_ log: SQLiteEventLog, nowMs: Int64) throws -> Step {
        if isKeeping {
            if let (block, first) = try keepItems(log, nowMs) { return .kept(block, at: first) }
            isKeeping = false
        }
        let more = try log.removeOldest(before: plan.group.id, bytesMax: bytesPerStep)
        return more ? .removed : .done
    }

    /// Appends some items again whose newest record is about to go; nil when none is left.
    private mutating func keepItems(
        _ log: SQLiteEventLog, _ nowMs: Int64
    ) throws -> (PendingBlock, UInt64)? {
        // Whoever sent an item meanwhile has the newer record.
        var items = plan.items
        plan.scannedTo = try CatalogueScan(log).forEachItem(from: plan.scannedTo) { _, id, _ in
            items[id] = nil
        }
        let ids = items.keys.sorted().prefix(itemsPerStep)
        var bytes: [UInt8] = []
        for id in ids {
            guard let record = items.removeValue(forKey: id) else { continue }
            bytes.appendVarint(UInt64(record.count))
            bytes += record
        }
        plan.items = items
        guard !ids.isEmpty else { return nil }
        let block = PendingBlock(
            partition: Partitions.catalogue, count: ids.count, records: bytes)
        let firsts = try log.append(
            groups: [block], batches: [], rejects: [], receivedMs: nowMs)
        return firsts.first.map { (block, $0) }
    }
}
