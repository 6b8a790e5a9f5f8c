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

    /// Appends some items and links again that are about to go; nil when none is left.
    private mutating func keepItems(
        _ log: SQLiteEventLog, _ nowMs: Int64
    ) throws -> (PendingBlock, UInt64)? {
        // Whoever sent an item or undid a link meanwhile has the newer record.
        plan.scannedTo = try CatalogueScan(log).forEachRecord(from: plan.scannedTo) {
            _, content, _ in
            plan.lost.take(content, nil)
        }
        let records = plan.lost.takeSome(itemsPerStep)
        guard !records.isEmpty else { return nil }
        var bytes: [UInt8] = []
        for record in records {
            bytes.appendVarint(UInt64(record.count))
            bytes += record
        }
        let block = PendingBlock(
            partition: Partitions.catalogue, count: records.count, records: bytes)
        let firsts = try log.append(
            groups: [block], batches: [], rejects: [], receivedMs: nowMs)
        return firsts.first.map { (block, $0) }
    }
}
