import Runtime
import System

/// What the service manager is told, from the loop that does the work.
extension Supervisor {
    /// Called at every tick: READY once, the state when it changes, the watchdog at half its time.
    func tickNotify() {
        guard !notify.socket.isEmpty else { return }
        let now = Clock.monotonic()
        if told != state {
            told = state
            var lines = "STATUS=\(summary)"
            // A cluster that is up but for one role is up: waiting longer would only get it killed.
            if !isAnnounced && (state == .ready || state == .degraded) {
                isAnnounced = true
                lines = "READY=1\n" + lines
            }
            if state == .stopping { lines = "STOPPING=1\n" + lines }
            notify.send(lines)
        }
        guard let limit = notify.watchdog, now - petAt >= limit / 2 else { return }
        petAt = now
        notify.send("WATCHDOG=1")
    }

    private var summary: String {
        let missing = plan.slots.filter { !plan.isReady($0) }.map { slot in
            "\(slot) \(plan.roles[slot]?.name ?? "gone")"
        }
        return ([state.rawValue] + missing).joined(separator: ", ")
    }
}
