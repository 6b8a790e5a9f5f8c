import Glibc
import Synchronization

/// Names a timer, to cancel it.
package struct TimerID: Hashable, Sendable {
    let number: UInt64
}

/// Timers on the monotonic clock, and the measure of how late the loop is; timers only on the loop.
extension EventLoop {
    struct Timer {
        let id: TimerID
        var deadlineNs: Int64
        let intervalNs: Int64?
        let handler: Handler
    }

    /// Calls `handler` once `after` from now, and then each `interval` if one is given.
    @discardableResult
    package func schedule(
        after delay: Duration, repeating interval: Duration? = nil, _ handler: @escaping Handler
    ) -> TimerID {
        checkIsolated()
        timerCount += 1
        let id = TimerID(number: timerCount)
        insert(
            Timer(
                id: id, deadlineNs: Self.nowNs + max(0, Self.nanoseconds(delay)),
                intervalNs: interval.map { max(1_000_000, Self.nanoseconds($0)) },
                handler: handler))
        return id
    }

    /// Cancels a timer; one that has fired or is unknown is ignored.
    package func cancel(_ id: TimerID) {
        checkIsolated()
        timers.removeAll { $0.id == id }
    }

    // Kept in order of deadline, first in first out among equals; a role has few timers.
    private func insert(_ timer: Timer) {
        let index = timers.firstIndex { $0.deadlineNs > timer.deadlineNs } ?? timers.count
        timers.insert(timer, at: index)
    }

    func fireTimers() {
        guard let first = timers.first else { return }
        let now = Self.nowNs
        guard first.deadlineNs <= now else { return }
        while let timer = timers.first, timer.deadlineNs <= now {
            timers.removeFirst()
            if let interval = timer.intervalNs {
                var next = timer
                // A late loop skips beats instead of firing a burst of them.
                next.deadlineNs = max(timer.deadlineNs + interval, now + interval / 2)
                insert(next)
            }
            timer.handler()
        }
    }

    /// Milliseconds until the next timer, rounded up; -1 without timers.
    func nextTimerMs() -> Int {
        guard let first = timers.first else { return -1 }
        let left = first.deadlineNs - Self.nowNs
        return left <= 0 ? 0 : Int((left + 999_999) / 1_000_000)
    }

    func noteLag() {
        let since = busySinceNs.exchange(0, ordering: .relaxed)
        let lag = Self.nowNs - since
        if lag > lagNsMax.load(ordering: .relaxed) { lagNsMax.store(lag, ordering: .relaxed) }
    }

    /// The longest turn since the last call in microseconds, counting one that still runs.
    package func takeLagMicroseconds() -> Int64 {
        let past = lagNsMax.exchange(0, ordering: .relaxed)
        let since = busySinceNs.load(ordering: .relaxed)
        let present = since == 0 ? 0 : Self.nowNs - since
        return max(past, present) / 1000
    }

    static var nowNs: Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    static func nanoseconds(_ duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
