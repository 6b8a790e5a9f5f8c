package import Runtime

/// How busy the processes are, from what they say of themselves. Pure.
package struct LoadMeter: Sendable {
    /// What a process has counted since its start.
    package struct Reading: Sendable, Equatable {
        package var cpuSeconds = 0.0
        /// Work done, and work known to wait, in the same unit.
        package var progress: UInt64 = 0
        package var waiting: UInt64 = 0

        package init() {}
    }

    private struct Load {
        var last: Reading
        var at: Duration
        var cpuShare = 0.0
        var rate = 0.0
        var waiting: UInt64 = 0
    }

    private var loads: [Slot: Load] = [:]

    package init() {}

    /// Shorter spans say little.
    private static let spanMin: Duration = .milliseconds(500)

    package mutating func note(_ slot: Slot, _ reading: Reading, at now: Duration) {
        guard var load = loads[slot], reading.cpuSeconds >= load.last.cpuSeconds,
            reading.progress >= load.last.progress
        else {
            loads[slot] = Load(last: reading, at: now, waiting: reading.waiting)
            return
        }
        load.waiting = reading.waiting
        let span = (now - load.at) / .seconds(1)
        if now - load.at >= Self.spanMin {
            load.cpuShare = (reading.cpuSeconds - load.last.cpuSeconds) / span
            load.rate = Double(reading.progress - load.last.progress) / span
            load.last = reading
            load.at = now
        }
        loads[slot] = load
    }

    package mutating func forget(_ slot: Slot) { loads[slot] = nil }

    /// What the processes of a kind do, on a machine of so many cores.
    package func sample(
        of kind: RoleKind, ready: Int, cores: Double
    ) -> ScalingPolicy.Sample {
        var sample = ScalingPolicy.Sample()
        sample.ready = ready
        var used = 0.0
        for (slot, load) in loads {
            used += load.cpuShare
            guard slot.kind == kind else { continue }
            sample.total += load.cpuShare
            sample.busiest = max(sample.busiest, load.cpuShare)
            // Where nothing is done at all another process would do nothing either.
            guard load.waiting > 0, load.rate > 0 else { continue }
            sample.waitingSeconds = max(sample.waitingSeconds, Double(load.waiting) / load.rate)
        }
        sample.spareCores = max(0, cores - used)
        return sample
    }
}
