import Messages
import Runtime
import System
import TestSupport
import Testing

extension ClusterTests {
    @Suite("The number of workers follows the load by itself")
    struct FollowLoadTests {
        private static let configuration = """
            {
              ingest: {listen: ""},
              features: {workersMax: 2, fetchBytes: 65536},
              scoring: {listen: ""},
              trainer: {onStart: false, every: "0"},
              scaling: {upAfter: "1 s", downAfter: "2 s", pause: "1 s"},
              supervisor: {http: ""},
            }
            """

        private func workers(_ cluster: ClusterHarness, _ count: Int) throws {
            try wait(for: "\(count) workers", within: .seconds(90), every: .milliseconds(50)) {
                let status = cluster.status()
                let ready = status?.roles.count { $0.role == "features" && $0.state == "ready" }
                return ready == count ? () : nil
            }
        }

        @Test("One more while work waits, one fewer when it is done; nothing lost, nothing twice")
        func upAndDown() throws {
            let seed = ScalingTests.seed
            print("seed \(seed)")
            let cluster = try ClusterHarness(configuration: Self.configuration)
            // Some 7000 events a second for each worker, of 25,000 that come.
            cluster.faults = "slowFold=100"
            try cluster.start()
            let events = EventTraffic()
            try events.start(cluster, seed: seed, eventsMax: 100_000, batch: 100)
            try workers(cluster, 2)
            let sent = try events.end()
            try #require(sent.failure == nil, "\(sent.failure ?? "")")
            let log = try cluster.readLog(eventsMax: sent.made)
            #expect(log.distinct == sent.oracle.accepted && log.repeated.isEmpty, "seed \(seed)")
            try cluster.waitApplied(log.records, within: .seconds(90))
            try workers(cluster, 1)
            let status = try #require(cluster.status())
            let scaled = status.counters.first { $0.name == "scaled_by_load" }?.value ?? 0
            #expect(scaled >= 2)
            let users = (0..<500).map { "user-\($0)" }
            let wrong = try cluster.differences(from: sent.oracle, users: users)
            #expect(wrong.isEmpty, "\(wrong.prefix(10)) seed \(seed)")
            try cluster.stop()
        }

        @Test("What an operator set holds over a restart of the supervisor, until told otherwise")
        func byHand() throws {
            let cluster = try ClusterHarness()
            try cluster.start()
            func scale(_ count: String) throws {
                let outcome = try Programs.run(
                    "limn", ["scale", "features", count, "--folder", cluster.folder.path],
                    timeout: .seconds(60))
                try #require(outcome.status == .exited(0), "\(outcome.output)")
            }
            try scale("2")
            try workers(cluster, 2)
            try cluster.stop()
            try cluster.start()
            try workers(cluster, 2)
            try scale("auto")
            try workers(cluster, 1)
            try cluster.stop()
            try cluster.start()
            try workers(cluster, 1)
            try cluster.stop()
        }
    }
}
