import Runtime
import Storage
import System

/// What a worker remembers of partitions that come and go.
struct Handover {
    /// Version of the newest assignment obeyed.
    var obeyed: UInt64 = 0
    /// Held partitions whose first fetch was answered: from then on their users are up to date.
    var serving: Set<Int> = []
    /// Partitions whose store knows a later epoch than the lease, with that epoch.
    var refused: [Int: UInt64] = [:]
    /// Partitions of the newest assignment that could not be opened: nobody knows their users now.
    var unopened: Set<Int> = []
    /// Partitions whose state is of another log than this one.
    var strange: Set<Int> = []
    /// Stores of partitions that went, kept open until the next owner has opened them too.
    private var retired: [(store: any PartitionStore, closeAt: Duration)] = []

    private var taken: UInt64 = 0
    private var given: UInt64 = 0
    private var fenced: UInt64 = 0
    private var notOpened: UInt64 = 0
    private var takingMax: Duration = .zero
    private var givingMax: Duration = .zero

    /// The last connection to close copies the whole write-ahead log into the file, and the first
    /// to open reads it through; with one open all the time a partition changes hands without
    /// either.
    private static let keptOpen: Duration = .seconds(2)

    /// Until when the disk is left to partitions on their way.
    private var quietUntil: Duration?
    private var movingUntil: Duration = .zero
    private static let quiet: Duration = .seconds(1)

    mutating func noteTaken(in time: Duration) {
        taken += 1
        takingMax = max(takingMax, time)
    }

    mutating func noteGiven(in time: Duration) {
        given += 1
        givingMax = max(givingMax, time)
    }

    /// Partitions move, here or elsewhere: what is on their way waits for the same disk.
    /// `areFirst` when nothing is here yet that could be in their way.
    mutating func noteMoves(
        at now: Duration, _ stores: any PartitionStores, areFirst: Bool
    ) {
        quietUntil = now + Self.quiet
        if !areFirst { movingUntil = now + Self.quiet }
        stores.hold(true)
    }

    /// Partitions move while others are here.
    func isMoving(at now: Duration) -> Bool { now < movingUntil }

    /// True once nothing has moved for a while.
    mutating func endQuiet(at now: Duration, _ stores: any PartitionStores) -> Bool {
        guard let quietUntil, now >= quietUntil else { return false }
        self.quietUntil = nil
        stores.hold(false)
        return true
    }

    mutating func noteFenced() { fenced += 1 }

    mutating func noteUnopened(_ partition: Int) {
        notOpened += 1
        unopened.insert(partition)
    }

    mutating func retire(_ store: any PartitionStore, at now: Duration) {
        retired.append((store, now + Self.keptOpen))
    }

    /// Closes what has been kept long enough.
    mutating func close(at now: Duration) { retired.removeAll { $0.closeAt <= now } }

    mutating func closeAll() { retired = [] }

    func put(into vitals: inout RoleVitals) {
        vitals.count("partitions_taken", taken)
        vitals.count("partitions_given", given)
        vitals.count("partitions_fenced", fenced)
        vitals.count("partitions_not_opened", notOpened)
        vitals.count("taking_ms_max", takingMax / .milliseconds(1))
        vitals.count("giving_ms_max", givingMax / .milliseconds(1))
    }
}
