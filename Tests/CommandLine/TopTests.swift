import CommandLine
import Messages
import Testing

@Suite("top draws rates, curves and processes from two states")
struct TopTests {
    private static func role(
        _ name: String, pid: UInt32, state: String = "ready", _ counters: [(String, Double)]
    ) -> RoleStatus {
        var role = RoleStatus()
        role.role = name
        role.state = state
        role.pid = pid
        role.uptimeMs = 3_725_000
        role.loopLagUs = 1234
        role.counters = counters.map { name, value in
            var counter = NamedValue()
            counter.name = name
            counter.value = value
            return counter
        }
        return role
    }

    private static func status(
        accepted: Double, applied: Double, answered: Double, cpu: Double, featuresPid: UInt32 = 11
    ) -> Status {
        var status = Status()
        status.state = "ready"
        status.build = "limn 0.1"
        status.uptimeMs = 3_730_000
        let memory = ("process.rss_bytes", 52_428_800.0)
        status.roles = [
            role(
                "ingest", pid: 10,
                [
                    ("accepted", accepted), ("rejected", 3), ("commit_ms_mean", 2.25),
                    ("process.cpu_seconds", cpu), memory, ("process.descriptors", 21),
                ]),
            role(
                "features", pid: featuresPid,
                [("applied", applied), ("lag", 1500), ("process.cpu_seconds", cpu * 2), memory]),
            role("trainer", pid: 0, state: "failed", []),
            role(
                "scoring", pid: 13,
                [
                    ("answered", answered), ("latency_p50_us", 640), ("latency_p99_us", 2600),
                    memory,
                ]),
        ]
        status.roles[1].waiting = 1500
        status.roles[1].restarts = 1
        status.roles[2].reason = "failed with exit 78: not started again until it is mended"
        return status
    }

    @Test("A picture, character by character")
    func golden() {
        let before = Self.status(accepted: 1000, applied: 900, answered: 50, cpu: 1)
        let now = Self.status(accepted: 251_000, applied: 240_900, answered: 250, cpu: 1.5)
        let sample = TopSample(now, before: before, seconds: 2)
        var screen = TopScreen()
        for rate in [0.0, 50_000, 100_000] {
            var past = sample
            past.acceptedRate = rate
            screen.add(past)
        }
        screen.add(sample)
        let picture = screen.rendered(sample, columns: 90)
        #expect(picture == Self.picture, "\n\(picture)")
        let narrow = screen.rendered(sample, columns: 60, rows: 4)
        #expect(narrow.split(separator: "\n", omittingEmptySubsequences: false).count == 4)
        #expect(narrow.split(separator: "\n").allSatisfy { DisplayWidth.of(String($0)) <= 60 })
    }

    static let picture = """
        limn 0.1  ready  up 1 h 02 min  1 restart

        stage           now  history
        ────────  ─────────  ──────────────────────────────  ────────────────────────────────────…
        accepted  125,000/s                            ▁▄▇█  commit 2.3 ms, rejected 3, refused b…
        applied   120,000/s                            ████
        lag           1,500                            ████
        answered      100/s                            ████  p50 640 µs, p99 2.6 ms, stale 0

        process     state   pid          up  starts   cpu    memory  files    loop  waiting
        ──────────  ──────  ───  ──────────  ──────  ────  ────────  ─────  ──────  ───────
        ingest 0    ready    10  1 h 02 min       1  25 %  50.0 MiB     21  1.2 ms        0
        features 0  ready    11  1 h 02 min       2  50 %  50.0 MiB      0  1.2 ms    1,500
        trainer 0   failed    0  1 h 02 min       1     …       0 B      0  1.2 ms        0
        scoring 0   ready    13  1 h 02 min       1   0 %  50.0 MiB      0  1.2 ms        0
        trainer 0: failed with exit 78: not started again until it is mended
        """

    @Test("The first picture has no rates; a new process starts from nothing")
    func rates() {
        let before = Self.status(accepted: 1000, applied: 900, answered: 50, cpu: 1)
        let first = TopSample(before, before: nil, seconds: 0)
        #expect(first.acceptedRate == nil && first.processes[0].cpu == nil)
        let now = Self.status(
            accepted: 1000, applied: 100, answered: 50, cpu: 1, featuresPid: 99)
        let second = TopSample(now, before: before, seconds: 1)
        #expect(second.appliedRate == 0 && second.acceptedRate == 0)
        #expect(second.processes[1].cpu == nil && second.processes[0].cpu == 0)
    }

    @Test("Curves show the newest against the largest")
    func curves() {
        #expect(TopScreen.curve([], 4) == "    ")
        #expect(TopScreen.curve([0, 0], 3) == " ▁▁")
        #expect(TopScreen.curve([9, 0, 1, 2, 4, 8], 5) == "▁▂▃▅█")
    }
}
