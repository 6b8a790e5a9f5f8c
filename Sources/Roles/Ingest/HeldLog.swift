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
    let eventIDs: EventIDMemory
    /// Goes on where the log's time left off.
    let steady: SteadyClock
    let ends: [UInt64]
    let firsts: [UInt64]
    let backlog: Backlog

    /// Where several keys may send events, one of them has this part of the room for ids.
    private static let sharesOfIDs = 2

    /// `senders` is how many keys may send events.
    init(_ log: SQLiteEventLog, _ settings: Configuration.Ingest, senders: Int) throws {
        (items, graph) = try Self.catalogue(log)
        (eventIDs, steady) = try Self.eventIDs(log, settings, senders)
        ends = try log.ends()
        firsts = try log.firsts()
        backlog = try Self.backlog(log)
    }

    private static func catalogue(
        _ log: SQLiteEventLog
    ) throws -> (ItemDirectory, IdentityGraph) {
        var items = ItemDirectory()
        var graph = IdentityGraph()
        _ = try CatalogueScan(log).forEachRecord(from: log.firsts()[Partitions.catalogue]) {
            _, content, _ in
            switch content {
            case .item(let item): items.put(item)
            case .link(let link): graph.apply(link)
            default: break
            }
        }
        return (items, graph)
    }

    private static func eventIDs(
        _ log: SQLiteEventLog, _ settings: Configuration.Ingest, _ senders: Int
    ) throws -> (EventIDMemory, SteadyClock) {
        let idsMax = settings.dedupeIdsMax
        var memory = EventIDMemory(
            windowMs: settings.dedupeWindow.milliseconds, idsMax: idsMax,
            shareMax: senders > 1 ? idsMax / sharesOfIDs : idsMax)
        var lastMs: Int64 = 0
        let step = StorageLimits.eventIDBytes
        try log.forEachEventID { timeMs, owner, hashes in
            lastMs = max(lastMs, timeMs)
            for at in stride(from: 0, to: hashes.count - step + 1, by: step) {
                memory.restore(EventIDMemory.ID(hashes, at: at), of: owner, atMs: timeMs)
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

extension EventIDMemory.ID {
    /// Eight bytes of each half, least significant first.
    var bytes: [UInt8] {
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
