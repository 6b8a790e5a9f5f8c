import Archive
import Features
import Foundation
import Runtime
import Storage
import System

/// States that are damaged or lost: set aside and made anew from the log, while everything else
/// goes on. Nobody is answered from such a partition meanwhile.
extension FeatureRole {
    /// Whether an error says that what is stored is not what was written.
    static func isDamage(_ error: any Error) -> Bool {
        switch error {
        case StorageError.corrupt, StorageError.wrongFormat: true
        case FoldError.stateDamaged, FoldError.stateVersionUnknown: true
        default: false
        }
    }

    /// Why the state of a partition that has none is not simply begun; nil where it is to be.
    func loss(of partition: Int) -> (any Error)? {
        let files = StateFiles(environment.folder)
        do {
            return try files.isBegun(partition) ? nil : try files.lost(partition)
        } catch {
            return error
        }
    }

    /// Lets a held partition go without a commit: the log has what is not in its state.
    func setAside(_ partition: Int, _ error: any Error) {
        // Closed at once, so that nobody holds what is about to be moved away.
        guard owned.removeValue(forKey: partition) != nil else { return }
        beginRepair(partition, error)
        partitionsChanged(taken: [])
        tellHolding()
    }

    /// Makes a state anew on a thread of its own; taken like any other afterwards. `isFirst` when
    /// nobody was ever to have it, so that nothing was lost.
    func beginRepair(_ partition: Int, _ error: any Error, isFirst: Bool = false) {
        repairs.begin(partition, isLoss: !isFirst)
        let why = ArchiveFailure(error).description
        if isFirst {
            environment.log.info(
                "state begun from the log", ["partition": "\(partition)", "why": why])
        } else {
            environment.log.error(
                "state damaged or lost: it is made anew from the log",
                ["partition": "\(partition)", "error": why])
        }
        let repair = PartitionRepair(
            environment.folder, partition: partition,
            outboxEntriesMax: environment.configuration.retention.outboxEntries)
        let (found, nowMs) = (repair.found, Clock.wallMs())
        let thread = Thread { [weak self] in
            let outcome = Result { try repair.run(replacing: found, nowMs: nowMs) }
            Task { await self?.repaired(partition, outcome) }
        }
        thread.name = "repair"
        thread.stackSize = 8 << 20
        thread.start()
    }

    private func repaired(
        _ partition: Int, _ outcome: Result<PartitionRepair.Outcome?, any Error>
    ) {
        switch outcome {
        case .success(let made?):
            repairs.end(partition, isRebuilt: true)
            environment.log.info(
                "state made anew",
                [
                    "partition": "\(partition)", "records": "\(made.records)",
                    "users": "\(made.users)", "damaged": made.keptAs ?? "was lost",
                ])
        case .success(nil):
            // Another worker is at it, or has done it.
            repairs.end(partition, isRebuilt: false)
        case .failure(let error):
            repairs.fail(partition, at: Clock.monotonic())
            environment.log.error(
                "state cannot be made anew; tried again in a minute",
                ["partition": "\(partition)", "error": ArchiveFailure(error).description])
        }
    }
}
