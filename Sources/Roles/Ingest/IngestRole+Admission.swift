import Events
import Messages
import Runtime
import Storage
import System

/// What bounds ingest, and what it keeps so that a restart knows it again.
extension IngestRole {
    static let measureEvery: Duration = .milliseconds(100)
    /// A group takes about this many bytes at most; the rest waits in the socket.
    static let groupBytesMax = 8 << 20
    private static let saveEveryMs: Int64 = 1000

    private var diskFree: Int? {
        (try? Files.freeBytes(environment.folder.logFolder)).map { Int(clamping: $0) }
    }

    /// Looks at spool and disk.
    func measure() {
        let now = Clock.monotonic().milliseconds
        let wasShort = admission.isDiskShort
        admission.tick(
            spoolBytes: backlog.bytes,
            diskFree: diskFree, atMs: now)
        intake.eventIDs.expire(atMs: steady.nowMs(monotonicMs: now))
        guard admission.isDiskShort != wasShort else { return }
        if admission.isDiskShort {
            environment.log.error(
                "the disk is nearly full: batches are refused until there is room",
                ["folder": environment.folder.logFolder])
        } else {
            environment.log.info("there is room on the disk again: batches are taken", [:])
        }
    }

    func notes(of group: Group) -> LogNotes {
        var notes = LogNotes()
        let monotonicMs = Clock.monotonic().milliseconds
        if !group.eventIDs.isEmpty {
            let now = steady.nowMs(monotonicMs: monotonicMs)
            notes.eventIDs = group.eventIDs.map {
                EventIDRun(owner: $0.key, bytes: EventIDMemory.ID.bytes($0.ids))
            }
            notes.eventIDsAtMs = now
            notes.forgetEventIDsBeforeMs = intake.eventIDs.keptSinceMs(atMs: now)
        }
        // Seldom, since it costs each commit a page; what is known too little is folded, not lost.
        if monotonicMs - savedCommittedMs >= Self.saveEveryMs,
            backlog.committed != savedCommitted
        {
            notes.applied = backlog.committed
        }
        notes.retried = group.retried
        notes.claims = group.claims
        return notes
    }

    func noteWritten(_ group: Group, _ notes: LogNotes) {
        let bytes = group.blocks.filter { $0.partition != Partitions.catalogue }
            .reduce(0) { $0 + $1.records.count }
        admission.endGroup(appendedBytes: bytes)
        admission.noteWritten()
        intake.noteWritten()
        if !group.eventIDs.isEmpty { intake.eventIDs.commit(atMs: notes.eventIDsAtMs) }
        guard !notes.applied.isEmpty else { return }
        savedCommitted = notes.applied
        savedCommittedMs = Clock.monotonic().milliseconds
    }

    func putAdmission(into vitals: inout RoleVitals) {
        let settings = environment.configuration.ingest
        vitals.refusing = admission.refusing(atMs: Clock.monotonic().milliseconds)
        vitals.count("spool_bytes", backlog.bytes)
        vitals.count("spool_bytes_max", settings.spoolBytesMax)
        vitals.count("spool_drain_bytes_per_s", admission.drainPerMs * 1000)
        vitals.count("disk_short", admission.isDiskShort ? 1 : 0)
        if let diskFree { vitals.count("disk_free_bytes", diskFree) }
        vitals.count("event_ids", intake.eventIDs.count)
        vitals.count("event_ids_max", settings.dedupeIdsMax)
    }
}
