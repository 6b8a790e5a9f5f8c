import Archive
import Runtime
import Storage

/// Where a pass of retention stands.
struct RetentionPass {
    enum Phase {
        case idle
        /// A thread works out what may go and brings the base so far.
        case planning
        /// Items that would be lost are appended again, then groups go.
        case removing
    }

    var phase = Phase.idle
    /// Held from planning to the end, so that nobody reads a log and a base that do not fit.
    var lock: RetentionLock?
    var steps: RetentionSteps?
    /// The next step waits for the group that is being written.
    var isWaiting = false
    /// On the monotonic clock; nil before the first look.
    var nextAt: Duration?
    /// What `firsts` added up to when ingest started.
    var removedRecords: UInt64 = 0
    var keptItems: UInt64 = 0
    var forgottenProducers: UInt64 = 0
    var passes: UInt64 = 0
    var lastPassMs: Int64 = 0
    /// A reader of log and base was in the way.
    var postponed: UInt64 = 0
    var stepNsMax: UInt64 = 0
    var problem = ""

    var name: String { "\(phase)" }

    func put(into vitals: inout RoleVitals, kept: UInt64) {
        vitals.count("kept_records", kept)
        vitals.count("removed_records", removedRecords)
        vitals.count("retention_passes", passes)
        vitals.count("retention_postponed", postponed)
        vitals.count("retention_failed", problem.isEmpty ? 0 : 1)
        vitals.count("retention_step_ms_max", Double(stepNsMax) / 1e6)
        vitals.count("forgotten_producers", forgottenProducers)
    }
}
