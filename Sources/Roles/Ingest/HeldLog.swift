import Archive
import Events
import Identity
import Messages
import Runtime
import Storage
import System

/// What the log holds that ingest must know, read once at the start.
struct HeldLog: Sendable {
    let items: ItemDirectory
    let graph: IdentityGraph
    /// Records in the snapshot that lies beside the log, and those that are not in it.
    let snapshot: (records: Int, missing: Int)
    let eventIDs: EventIDMemory
    /// Goes on where the log's time left off.
    let steady: SteadyClock
    let ends: [UInt64]
    let firsts: [UInt64]
    let backlog: Backlog

    /// Where several keys may send events, one of them has this part of the room for ids.
    private static let sharesOfIDs = 2

    /// Reads it, however long that takes, beside the loop; `environment` hears how it gets on.
    init(_ log: SQLiteEventLog, _ environment: RoleEnvironment) throws {
        let catalogue = try CatalogueReading(log, environment)
        (items, graph) = try catalogue.fold(key: HashKey(environment.hashSecret.words))
        snapshot = (catalogue.snapshot.count, try catalogue.saveIfWorth())
        (eventIDs, steady) = try Self.eventIDs(log, environment)
        ends = try log.ends()
        try Self.forgetLostRecords(log, environment)
        firsts = try log.firsts()
        backlog = try Self.backlog(log)
    }

    /// Where the log lost its end other records will take the places of those that went: what is
    /// said of them must not be said of these.
    private static func forgetLostRecords(
        _ log: SQLiteEventLog, _ environment: RoleEnvironment
    ) throws {
        let ends = try log.ends()
        var quarantine = try log.quarantine()
        let lost = quarantine.records.filter { $0.offset >= ends[$0.partition] }
        guard !lost.isEmpty else { return }
        environment.log.error(
            "quarantined records are no longer in the log: it lost its end",
            ["code": "LOG_BEHIND", "records": "\(lost.count)"])
        try quarantine.remove { $0.offset >= ends[$0.partition] }
    }

    private static func eventIDs(
        _ log: SQLiteEventLog, _ environment: RoleEnvironment
    ) throws -> (EventIDMemory, SteadyClock) {
        let settings = environment.configuration.ingest
        let idsMax = settings.dedupeIdsMax
        let senders = environment.authorisation.count(allowed: .produce)
        var memory = EventIDMemory(
            windowMs: settings.dedupeWindow.milliseconds, idsMax: idsMax,
            shareMax: senders > 1 ? idsMax / sharesOfIDs : idsMax,
            key: HashKey(eventIDKey: try log.eventIDKey(Entropy.bytes(16))))
        var lastMs: Int64 = 0
        try log.forEachEventID { timeMs, owner, hashes in
            lastMs = max(lastMs, timeMs)
            environment.startProgress.note()
            EventIDMemory.ID.forEach(in: hashes) { id, isKeyed in
                memory.restore(id, isKeyed: isKeyed, of: owner, atMs: timeMs)
            }
        }
        let steady = SteadyClock(
            lastMs: lastMs, wallMs: Clock.wallMs(), monotonicMs: Clock.monotonic().milliseconds)
        memory.expire(atMs: steady.nowMs(monotonicMs: Clock.monotonic().milliseconds))
        return (memory, steady)
    }

    private static func backlog(_ log: SQLiteEventLog) throws -> Backlog {
        let totals = try log.totals()
        let ends = try log.ends()
        var committed = try log.applied()
        committed += Array(repeating: 0, count: max(0, ends.count - committed.count))
        return Backlog(
            committed: zip(committed, ends).map(min), ends: ends,
            bytesPerRecord: Double(totals.bytes) / Double(max(totals.events, 1)))
    }
}

extension HashKey {
    /// Of sixteen bytes as the log keeps them.
    init(eventIDKey bytes: [UInt8]) {
        let id = EventIDMemory.ID(bytes.span, at: 0)
        self.init((id.high, id.low))
    }
}

/// How the log keeps ids: one byte that says how they were hashed, and sixteen of each. What
/// versions before have written lacks that byte.
extension EventIDMemory.ID {
    private static let bytesEach = 16
    private static let keyed: UInt8 = 1

    static func bytes(_ ids: [EventIDMemory.ID]) -> [UInt8] {
        [keyed] + ids.flatMap(\.bytes)
    }

    /// Hands on each id with whether it is hashed with the log's key.
    static func forEach(in bytes: Span<UInt8>, _ body: (EventIDMemory.ID, Bool) -> Void) {
        let start = bytes.count % bytesEach
        let isKeyed = start == 1 && bytes[0] == keyed
        for at in stride(from: start, to: bytes.count, by: bytesEach) {
            body(EventIDMemory.ID(bytes, at: at), isKeyed)
        }
    }

    /// Eight bytes of each half, least significant first.
    private var bytes: [UInt8] {
        [high, low].flatMap { half in
            (0..<8).map { UInt8(truncatingIfNeeded: half >> ($0 * 8)) }
        }
    }

    init(_ bytes: Span<UInt8>, at start: Int) {
        func half(_ at: Int) -> UInt64 {
            (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[at + $1]) << ($1 * 8) }
        }
        self.init(high: half(start), low: half(start + 8))
    }
}
