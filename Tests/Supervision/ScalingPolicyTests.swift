import Runtime
import Supervision
import Testing

@Suite("The number of processes follows the load, and does not swing")
struct ScalingPolicyTests {
    private static func policy(_ range: ClosedRange<Int>) -> ScalingPolicy {
        ScalingPolicy(limits: Configuration.Scaling(), range: range)
    }

    private static func sample(
        _ ready: Int, waiting: Double = 0, busiest: Double = 0, total: Double? = nil,
        spare: Double = 4
    ) -> ScalingPolicy.Sample {
        var sample = ScalingPolicy.Sample()
        sample.ready = ready
        sample.waitingSeconds = waiting
        sample.busiest = busiest
        sample.total = total ?? busiest * Double(ready)
        sample.spareCores = spare
        return sample
    }

    @Test("work that waits for ten seconds brings one more, and only one")
    func up() {
        var policy = Self.policy(1...4)
        let pressed = Self.sample(1, waiting: 3, busiest: 0.6)
        for second in 0..<10 {
            #expect(policy.judge(pressed, count: 1, at: .seconds(second)) == .stay)
        }
        #expect(
            policy.judge(pressed, count: 1, at: .seconds(10))
                == .scale(to: 2, why: "work for 3.0 s waits"))
        let two = Self.sample(2, waiting: 3, busiest: 0.6)
        for second in 11..<50 {
            #expect(policy.judge(two, count: 2, at: .seconds(second)) == .stay, "\(second)")
        }
        #expect(
            policy.judge(two, count: 2, at: .seconds(50))
                == .scale(to: 3, why: "work for 3.0 s waits"))
    }

    @Test("a moment without pressure begins the ten seconds anew")
    func interrupted() {
        var policy = Self.policy(1...4)
        for second in 0..<100 {
            let busy = second % 9 == 8 ? 0.5 : 0.99
            let verdict = policy.judge(
                Self.sample(1, busiest: busy), count: 1, at: .seconds(second))
            #expect(verdict == .stay, "\(second)")
        }
    }

    @Test("five calm minutes take one away, but never the last that is configured")
    func down() {
        var policy = Self.policy(2...4)
        var count = 4
        var changes: [Int] = []
        for second in 0..<1500 {
            let calm = Self.sample(count, busiest: 0.1)
            if case .scale(let to, _) = policy.judge(calm, count: count, at: .seconds(second)) {
                changes.append(second)
                count = to
            }
        }
        #expect(count == 2)
        #expect(changes == [300, 630])
    }

    @Test("those who stay must be able to bear it")
    func notDown() {
        var policy = Self.policy(1...4)
        for second in 0..<2000 {
            let verdict = policy.judge(
                Self.sample(2, busiest: 0.4, total: 0.6), count: 2, at: .seconds(second))
            #expect(verdict == .stay)
        }
    }

    @Test("without a free core, or at the limit, it says so once")
    func held() {
        for (range, spare, end) in [
            (1...4, 0.1, "no core is free"), (1...2, 4.0, "the limit is 2"),
        ] {
            var policy = Self.policy(range)
            var said: [String] = []
            for second in 0..<100 {
                let pressed = Self.sample(2, busiest: 0.97, spare: spare)
                switch policy.judge(pressed, count: 2, at: .seconds(second)) {
                case .stay: break
                case .held(let why): said.append(why)
                case .scale(let to, _): Issue.record("scaled to \(to)")
                }
            }
            #expect(said == ["the busiest uses 97 % of a core; \(end)"])
        }
    }

    @Test("equal limits decide nothing; a number outside comes back at once")
    func limits() {
        var off = Self.policy(2...2)
        #expect(!off.isOn)
        #expect(off.judge(Self.sample(2, waiting: 99), count: 2, at: .seconds(99)) == .stay)
        var on = Self.policy(2...3)
        #expect(
            on.judge(Self.sample(5), count: 5, at: .zero) == .scale(to: 3, why: "above the limit"))
    }

    @Test("any load: within limits, one at a time, pauses kept", arguments: 1...20 as ClosedRange)
    func storm(seed: Int) {
        var random = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15
        func dice() -> Double {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(random >> 40) / Double(1 << 24)
        }
        var policy = Self.policy(1...6)
        var count = 1
        var last = Duration.seconds(-100)
        var load = 0.5
        for step in 0..<20_000 {
            let now = Duration.milliseconds(step * 700)
            if dice() < 0.01 { load = dice() * 6 }
            let ready = dice() < 0.02 ? count - 1 : count
            let each = min(1, load / Double(count))
            let sample = Self.sample(
                ready, waiting: load > Double(count) ? dice() * 5 : 0, busiest: each,
                total: each * Double(count), spare: 8 - load)
            guard case .scale(let to, _) = policy.judge(sample, count: count, at: now) else {
                continue
            }
            #expect((1...6).contains(to) && abs(to - count) == 1, "seed \(seed)")
            #expect(now - last >= .seconds(30), "seed \(seed)")
            #expect(ready == count, "seed \(seed)")
            last = now
            count = to
        }
    }

    @Test("a load between two numbers ends at one of them", arguments: [0.8, 1.3, 1.7, 2.6, 3.4])
    func settles(load: Double) {
        var policy = Self.policy(1...6)
        var count = 1
        var changes = 0
        for second in 0..<20_000 {
            let each = min(1, load / Double(count))
            let sample = Self.sample(
                count, waiting: load > Double(count) ? 5 : 0, busiest: each,
                total: min(load, Double(count)), spare: 8)
            if case .scale(let to, _) = policy.judge(sample, count: count, at: .seconds(second)) {
                count = to
                if second > 2000 { changes += 1 }
            }
        }
        #expect(changes == 0, "swings at load \(load), now \(count)")
        #expect(Double(count) >= load)
    }
}

@Suite("How busy processes are, from what they count")
struct LoadMeterTests {
    private func reading(_ cpu: Double, _ progress: UInt64, _ waiting: UInt64) -> LoadMeter.Reading
    {
        var reading = LoadMeter.Reading()
        reading.cpuSeconds = cpu
        reading.progress = progress
        reading.waiting = waiting
        return reading
    }

    @Test("shares, rates and what is left of the machine")
    func shares() {
        var meter = LoadMeter()
        let worker = Slot(.features, 0)
        meter.note(worker, reading(1, 1000, 500), at: .seconds(1))
        meter.note(worker, reading(1.5, 3000, 6000), at: .seconds(2))
        meter.note(Slot(.ingest, 0), reading(0, 0, 0), at: .seconds(1))
        meter.note(Slot(.ingest, 0), reading(0.25, 10, 0), at: .seconds(2))
        let sample = meter.sample(of: .features, ready: 1, cores: 2)
        #expect(sample.busiest == 0.5)
        #expect(sample.total == 0.5)
        #expect(sample.waitingSeconds == 3)
        #expect(sample.spareCores == 1.25)
    }

    @Test("a process that started anew is measured anew; one that does nothing waits for nothing")
    func anew() {
        var meter = LoadMeter()
        let worker = Slot(.features, 0)
        meter.note(worker, reading(9, 1000, 0), at: .seconds(1))
        meter.note(worker, reading(0.1, 5, 700), at: .seconds(2))
        #expect(meter.sample(of: .features, ready: 1, cores: 2).busiest == 0)
        meter.note(worker, reading(0.2, 5, 900), at: .seconds(3))
        #expect(meter.sample(of: .features, ready: 1, cores: 2).waitingSeconds == 0)
        meter.forget(worker)
        #expect(meter.sample(of: .features, ready: 0, cores: 2).spareCores == 2)
    }
}

@Suite("Numbers set by hand are kept as text")
struct ScaleByHandTests {
    @Test("lines that say nothing are passed over")
    func parsing() {
        let text = "features 4\nscoring 0\nfeatures\ningest 99\nscoring two\n\u{0} 3 4\n"
        #expect(ScaleByHand(parsing: text) == ScaleByHand(["features": 4]))
        let both = ScaleByHand(["scoring": 2, "features": 64])
        #expect(both.text == "features 64\nscoring 2\n")
        #expect(ScaleByHand(parsing: both.text) == both)
    }
}
