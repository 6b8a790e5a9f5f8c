import Glibc

/// The two clocks: wall time for what people read, monotonic time for every wait and limit.
package enum Clock {
    /// Unix time in milliseconds; may jump.
    package static func wallMs() -> Int64 {
        let now = read(CLOCK_REALTIME)
        let ms = Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000
        #if DEBUG
            return ms + jumpMs()
        #else
            return ms
        #endif
    }

    /// The same in microseconds.
    package static func wallUs() -> Int64 {
        let now = read(CLOCK_REALTIME)
        return Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1000
    }

    /// Time since the machine started; never jumps back.
    package static func monotonic() -> Duration {
        let now = read(CLOCK_MONOTONIC)
        return Duration(
            secondsComponent: Int64(now.tv_sec),
            attosecondsComponent: Int64(now.tv_nsec) * 1_000_000_000)
    }

    /// The same in nanoseconds, for measuring.
    package static func monotonicNs() -> UInt64 {
        let now = read(CLOCK_MONOTONIC)
        return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
    }

    private static func read(_ clock: clockid_t) -> timespec {
        var now = timespec()
        let result = unsafe clock_gettime(clock, &now)
        precondition(result == 0, "clock_gettime cannot fail for a clock that exists")
        return now
    }
}

extension Duration {
    /// Whole milliseconds, rounded down.
    package var milliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }

    /// As seconds.
    package var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}

extension Clock {
    /// Blocks the thread; for start-up and tools only, never on a loop.
    package static func pause(_ time: Duration) {
        usleep(UInt32(clamping: time.milliseconds * 1000))
    }
}
