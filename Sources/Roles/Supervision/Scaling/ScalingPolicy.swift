package import Runtime

/// How many processes of one kind the load asks for: samples and time in, a number out. Pure.
///
/// More after pressure that lasts, fewer after calm that lasts much longer, one at a time, with a
/// pause after each step so that its effect is seen first: load that swings makes nothing swing.
package struct ScalingPolicy: Sendable, Equatable {
    /// What the kind's processes are doing.
    package struct Sample: Sendable, Equatable {
        /// Those that are ready.
        package var ready = 0
        /// How long the work that waits would take at the present rate, in seconds.
        package var waitingSeconds = 0.0
        /// Processor time per time: 1 is a whole core. Of the busiest process, and of all together.
        package var busiest = 0.0
        package var total = 0.0
        /// Cores that no process of the cluster uses.
        package var spareCores = 0.0

        package init() {}
    }

    package enum Verdict: Sendable, Equatable {
        case stay
        case scale(to: Int, why: String)
        /// More would be good but cannot be.
        case held(why: String)
    }

    package var limits: Configuration.Scaling
    package var range: ClosedRange<Int>
    private var pressedSince: Duration?
    private var calmSince: Duration?
    private var quietUntil: Duration = .zero
    private var heldWhy = ""

    /// Work that waits longer than this is pressure; less than the second is calm.
    static let waitingMax = 1.0
    static let waitingCalm = 0.2
    /// Fewer processes must not be busier than this share of what counts as busy.
    static let calmShare = 0.6
    /// Another process is of no use without about this much of a core.
    static let spareMin = 0.25

    package init(limits: Configuration.Scaling, range: ClosedRange<Int>) {
        self.limits = limits
        self.range = range
    }

    /// Whether there is anything to decide.
    package var isOn: Bool { range.lowerBound < range.upperBound }

    /// Judges what was seen at `now`, of `count` processes that are wanted at present.
    package mutating func judge(_ sample: Sample, count: Int, at now: Duration) -> Verdict {
        guard isOn else { return .stay }
        if count < range.lowerBound { return scale(to: range.lowerBound, "below the limit", now) }
        if count > range.upperBound { return scale(to: range.upperBound, "above the limit", now) }
        // While processes come and go nothing that is measured can be trusted.
        guard sample.ready == count, now >= quietUntil else {
            pressedSince = nil
            calmSince = nil
            return .stay
        }
        if let why = pressure(sample) {
            calmSince = nil
            let since = pressedSince ?? now
            pressedSince = since
            guard now - since >= limits.upAfter else { return .stay }
            return more(sample, count, why, now)
        }
        pressedSince = nil
        heldWhy = ""
        guard count > range.lowerBound, isCalm(sample, count) else {
            calmSince = nil
            return .stay
        }
        let since = calmSince ?? now
        calmSince = since
        guard now - since >= limits.downAfter else { return .stay }
        return scale(to: count - 1, "calm for \(DurationText.write(limits.downAfter))", now)
    }

    private func pressure(_ sample: Sample) -> String? {
        if sample.waitingSeconds > Self.waitingMax {
            return "work for \(Self.tenths(sample.waitingSeconds)) s waits"
        }
        if sample.busiest > limits.busy {
            return "the busiest uses \(Int(sample.busiest * 100)) % of a core"
        }
        return nil
    }

    private func isCalm(_ sample: Sample, _ count: Int) -> Bool {
        sample.waitingSeconds < Self.waitingCalm
            && sample.total / Double(count - 1) < limits.busy * Self.calmShare
    }

    private mutating func more(
        _ sample: Sample, _ count: Int, _ why: String, _ now: Duration
    ) -> Verdict {
        if count == range.upperBound { return held("\(why); the limit is \(count)") }
        if sample.spareCores < Self.spareMin { return held("\(why); no core is free") }
        return scale(to: count + 1, why, now)
    }

    private mutating func scale(to count: Int, _ why: String, _ now: Duration) -> Verdict {
        pressedSince = nil
        calmSince = nil
        heldWhy = ""
        quietUntil = now + limits.pause
        return .scale(to: count, why: why)
    }

    /// Said once, not at every sample.
    private mutating func held(_ why: String) -> Verdict {
        let kind = String(why.split(separator: ";").last ?? "")
        guard kind != heldWhy else { return .stay }
        heldWhy = kind
        return .held(why: why)
    }

    private static func tenths(_ value: Double) -> String {
        "\((value * 10).rounded() / 10)"
    }
}
