import Messages
import Runtime
import System

/// What the supervisor notes of itself and of processes in trouble.
extension Supervisor {
    /// Counters of the supervisor's own process.
    var ownCounters: [NamedValue] {
        var vitals = RoleVitals()
        vitals.count("http_requests", httpRequests)
        vitals.count("orphans_ended", orphansEnded)
        return vitals.counters + ProcessFacts.current().counters
    }

    /// Where each thread of a stuck process was, before it is killed: cheaper than a core, and
    /// enough to tell a lock from a disk from a loop without end.
    func noteThreads(_ slot: Slot) {
        guard let child = table.children[slot] else { return }
        let threads = ProcessFacts.threads(pid: child.pid).joined(separator: ", ")
        log.warning("where it was stuck", ["role": "\(slot)", "threads": threads])
    }
}
