import System

/// Deliberate bugs and hindrances, to show that tests find them:
/// `LIMN_FAULT="skipDedupe,poison=e7"` in the environment of the supervisor or of one role, read
/// once. Only a debug build has them; in a release build every fault is off, whatever is asked.
package enum Fault: String, Sendable, CaseIterable {
    /// Ingest forgets which batches it has seen.
    case skipDedupe
    /// Ingest answers before the group is on disk.
    case ackBeforeCommit
    /// Feature workers lose every n-th record: `dropEvent=100`.
    case dropEvent
    /// A feature worker that starts again folds some records a second time.
    case doubleApply
    /// Ingest lets any key go on under any producer's name.
    case anyName
    /// Feature workers place users by a hash of which all of a partition share one.
    case weakHash
    /// Every checksum is the same, so that no damage is seen; `System.Checksum` looks for it.
    case trustDamage
    /// The log spoils a commit of a group when another is added; `Storage.OpenGroup` looks for it.
    case spoilGathered
    /// A feature worker dies when it meets the event with this id: `poison=e7`.
    case poison
    /// Ingest dies when it examines the event with this id: `poisonIngest=e7`.
    case poisonIngest
    /// A feature worker waits so many milliseconds before it folds an answer: `slowFold=20`.
    case slowFold
    /// The role of this name ends with a bug at its start: `crashAtStart=trainer`.
    case crashAtStart

    package var isOn: Bool { value != nil }

    /// What stands behind `=`; empty without it, nil when the fault is off.
    package var value: String? {
        #if DEBUG
            Self.active[self]
        #else
            nil
        #endif
    }

    /// The value as a count; 0 when there is none.
    package var number: Int { value.flatMap { Int($0) } ?? 0 }

    /// What is switched on, to be said in the log; empty in a release build.
    package static var summary: String {
        allCases.compactMap { fault in fault.value.map { "\(fault.rawValue)=\($0)" } }
            .joined(separator: ",")
    }

    #if DEBUG
        private static let active = parse(Environment.variable("LIMN_FAULT") ?? "")
    #endif

    /// Unknown names are left out: an older build may be asked for newer faults.
    static func parse(_ text: String) -> [Fault: String] {
        var found: [Fault: String] = [:]
        for part in text.split(separator: ",") {
            let halves = part.split(separator: "=", maxSplits: 1)
            guard let name = halves.first, let fault = Fault(rawValue: String(name)) else {
                continue
            }
            found[fault] = halves.count > 1 ? String(halves[1]) : ""
        }
        return found
    }
}
