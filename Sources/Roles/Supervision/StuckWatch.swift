/// Notices a role that is alive and has work but does none of it.
struct StuckWatch: Sendable {
    private var progress: UInt64?
    /// Work that waited at the last sign of life.
    private(set) var waiting: UInt64 = 0
    /// Since when work has waited without any being done.
    private var since: Duration?

    /// Takes what a sign of life said; more work waiting is no progress, only work done is.
    mutating func note(progress now: UInt64, waiting: UInt64, at time: Duration) {
        let hasMoved = progress != now
        progress = now
        self.waiting = waiting
        if waiting == 0 {
            since = nil
        } else if hasMoved || since == nil {
            since = time
        }
    }

    /// How long work has waited for nothing; zero while there is none or some is done.
    func stuckFor(at now: Duration) -> Duration { since.map { now - $0 } ?? .zero }

    /// Time that the watcher itself slept does not count.
    mutating func excuse(_ slept: Duration) {
        if let since { self.since = since + slept }
    }
}
