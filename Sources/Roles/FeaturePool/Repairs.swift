import Archive
import Runtime
import Storage
import System

/// Partitions whose states are made anew because they were damaged or lost.
struct Repairs {
    private enum Phase {
        case running
        /// Not possible; tried again at that time.
        case failed(again: Duration)
    }

    private var phases: [Int: Phase] = [:]
    private var damaged: UInt64 = 0
    private var rebuilt: UInt64 = 0
    /// What keeps a repair from being made may be gone after a while.
    private static let retryAfter: Duration = .seconds(60)

    /// Whether a partition must not be opened now, because it is being made or cannot be.
    func isAway(_ partition: Int, at now: Duration) -> Bool {
        switch phases[partition] {
        case nil: false
        case .running: true
        case .failed(let again): now < again
        }
    }

    mutating func begin(_ partition: Int, isLoss: Bool) {
        if isLoss { damaged += 1 }
        phases[partition] = .running
    }

    mutating func end(_ partition: Int, isRebuilt: Bool) {
        phases[partition] = nil
        if isRebuilt { rebuilt += 1 }
    }

    mutating func fail(_ partition: Int, at now: Duration) {
        phases[partition] = .failed(again: now + Self.retryAfter)
    }

    func put(into vitals: inout RoleVitals) {
        vitals.count("partitions_damaged", damaged)
        vitals.count("partitions_rebuilt", rebuilt)
        vitals.count("partitions_away", phases.count)
    }
}
