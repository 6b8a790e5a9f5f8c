import Features
package import Messages
import Runtime
import Storage
import System
import ZeroMQ

/// Partitions come and go while the worker runs.
extension FeatureRole {
    /// While partitions move little is fetched at a time, so that a new one waits for little else.
    private static let movingCredit = 128 << 10
    /// How long one call opens partitions, about; the rest when the supervisor names them again, a
    /// second later. Files of a version before are put in order when they are opened, and a worker
    /// that says nothing for long is taken for dead.
    private static let takingMax: Duration = .seconds(2)

    package func assign(_ assignment: Assignment) {
        guard assignment.version >= handover.obeyed else { return }
        let mine = assignment.partitions(of: environment.index)
        if assignment.version > handover.obeyed {
            handover.noteMoves(at: Clock.monotonic(), stores, areFirst: owned.isEmpty)
            intake?.creditBytes = min(Self.movingCredit, fetchBytes)
        }
        handover.obeyed = assignment.version
        var isChanged = false
        var taken: Set<Int> = []
        for (partition, held) in owned.sorted(by: { $0.key < $1.key }) {
            let isMine = assignment.worker(of: partition) == environment.index
            if isMine && held.epoch == assignment.epoch(of: partition) { continue }
            give(partition)
            // At once, so that it waits for its own commit only and not for those of the others.
            tellHolding()
            isChanged = true
        }
        handover.refused = handover.refused.filter { mine.contains($0.key) }
        let until = Clock.monotonic() + Self.takingMax
        for partition in mine where owned[partition] == nil && Clock.monotonic() < until {
            if take(partition, epoch: assignment.epoch(of: partition)) { taken.insert(partition) }
        }
        handover.unopened = handover.unopened.filter { mine.contains($0) && owned[$0] == nil }
        if isChanged || !taken.isEmpty { partitionsChanged(taken: taken) }
        tellHolding()
    }

    /// Opens a partition's store and claims it; false where that was not possible.
    func take(_ partition: Int, epoch: UInt64) -> Bool {
        let started = Clock.monotonic()
        guard !repairs.isAway(partition, at: started) else { return false }
        if let loss = loss(of: partition) {
            beginRepair(partition, loss, isFirst: epoch <= 1)
            return false
        }
        do {
            let store = try stores.open(partition: partition, epoch: epoch)
            owned[partition] = try OwnedPartition(
                store: store, epoch: epoch, parameters: .standard, keys: keys)
            handover.refused[partition] = nil
            handover.strange.remove(partition)
            handover.noteTaken(in: Clock.monotonic() - started)
            return true
        } catch StorageError.fenced(let stored) {
            handover.refused[partition] = stored
        } catch StorageError.strangeLog(let strangeness) {
            // The supervisor names the partition again each second; it is said once.
            guard handover.strange.insert(partition).inserted else { return false }
            environment.log.error(
                "a state is not of this log: restore the log, or remove the state",
                [
                    "code": "STATE_OF_OTHER_LOG", "partition": "\(partition)",
                    "why": "\(strangeness)",
                ])
        } catch  where Self.isDamage(error) {
            beginRepair(partition, error)
        } catch {
            // The others go on; the supervisor names the partition again each second.
            handover.noteUnopened(partition)
            environment.log.error(
                "partition not opened", ["partition": "\(partition)", "error": "\(error)"])
        }
        return false
    }

    /// Writes what is not written and lets the partition go.
    private func give(_ partition: Int) {
        let started = Clock.monotonic()
        if owned[partition]?.dirtySince != nil { commit(partition, at: started) }
        guard let held = owned.removeValue(forKey: partition) else { return }
        let now = Clock.monotonic()
        handover.retire(held.store, at: now)
        handover.noteGiven(in: now - started)
    }

    /// A later owner has claimed it: what is in memory here no longer counts, and what it was made
    /// from is in the log.
    func drop(_ partition: Int, newer epoch: UInt64) {
        environment.log.warning(
            "partition has a later owner", ["partition": "\(partition)", "epoch": "\(epoch)"])
        guard let held = owned.removeValue(forKey: partition) else { return }
        handover.noteFenced()
        handover.retire(held.store, at: Clock.monotonic())
        partitionsChanged(taken: [])
        tellHolding()
    }

    func partitionsChanged(taken: Set<Int>) {
        order = owned.keys.sorted()
        handover.serving.formIntersection(order)
        handover.serving.subtract(taken)
        portion.leaveOut(taken)
        do {
            try intake?.follow(positions(), anew: taken, at: Clock.monotonic())
        } catch {
            environment.log.warning("cannot ask ingest", ["error": "\(error)"])
        }
        // Whoever waits for an outbox that went elsewhere is told, and scoring who owns what.
        answerFetches()
        publish([])
    }

    /// Held partitions of which nothing was read yet.
    var unserved: Set<Int> {
        handover.serving.count == order.count ? [] : Set(order).subtracting(handover.serving)
    }

    /// Once its first answer is folded a partition is as fresh here as it was elsewhere before.
    func noteServing() {
        let settled = portion.settled(of: unserved)
        guard !settled.isEmpty else { return }
        handover.serving.formUnion(settled)
        tellHolding()
    }

    func tellHolding() {
        var holding = Holding()
        holding.version = handover.obeyed
        for (partition, held) in owned.sorted(by: { $0.key < $1.key }) {
            holding.partitions.append(UInt32(partition))
            holding.epochs.append(held.epoch)
            if handover.serving.contains(partition) { holding.serving.append(UInt32(partition)) }
        }
        for (partition, epoch) in handover.refused.sorted(by: { $0.key < $1.key }) {
            holding.refused.append(UInt32(partition))
            holding.refusedEpochs.append(epoch)
        }
        environment.supervisor.tell(holding)
    }
}
