import Glibc
import Messages
import Runtime
import System
import TestSupport
import Testing

extension ClusterTests {
    @Suite("A log that is cut while it is written loses nobody's profile")
    struct RetentionClusterTests {
        static let configuration = """
            {
              ingest: {listen: ""},
              retention: {logAge: "700 ms", every: "200 ms", outboxEntries: 500},
              scoring: {listen: ""},
              trainer: {onStart: false, every: "0"},
              supervisor: {
                backoffFirst: "20 ms", backoffMax: "200 ms", restartsMax: 1000, stopGrace: "5 s",
              },
            }
            """

        @Test("under load, with every role killed, and a lost state")
        func underLoad() throws {
            try ClusterHarness.withCluster(configuration: Self.configuration) { cluster in
                var oracle = Oracle()
                var workload = Workload(seed: 11, users: 400)
                let producer = try cluster.producer("till")
                try producer.send(items())
                let kinds: [RoleKind] = [.features, .ingest, .scoring]
                for round in 0..<6 {
                    let removed = try kept(cluster).removedRecords
                    for _ in 0..<20 { try producer.send(workload.batch(250, into: &oracle)) }
                    try producer.flush()
                    let victim = kinds[round % 3]
                    kill(try cluster.pid(of: victim), SIGKILL)
                    var last: Retention?
                    try wait(
                        for: "round \(round): \(last.debugDescription)", within: .seconds(30)
                    ) {
                        last = try? kept(cluster)
                        // A new ingest may find that everything old is gone already.
                        let isDone =
                            victim == .ingest
                            ? last?.passes ?? 0 > 0 : last?.removedRecords ?? 0 > removed
                        return isDone ? () : nil
                    }
                }
                try cluster.waitReady()
                try cluster.waitApplied(oracle.accepted)
                try check(cluster, oracle, workload)
                try loseState(cluster, oracle, workload)
            }
        }

        /// Figures, not judgements: what a producer waits for its acknowledgements.
        @Test(
            "acknowledgements with and without retention",
            .enabled(
                if: Environment.variable("LIMN_MEASURE") != nil, "set LIMN_MEASURE to measure"))
        func acknowledgements() throws {
            let cutting = Self.configuration.replacing("700 ms", with: "2 s")
            for configuration in [ClusterHarness.quietConfiguration, cutting] {
                try ClusterHarness.withCluster(configuration: configuration) { cluster in
                    var oracle = Oracle()
                    var workload = Workload(seed: 3, users: 2000)
                    let producer = try cluster.producer("till")
                    var waits: [Double] = []
                    let end = Clock.monotonic() + .seconds(10)
                    while Clock.monotonic() < end {
                        let batch = workload.batch(500, into: &oracle)
                        let started = Clock.monotonicNs()
                        try producer.send(batch)
                        try producer.flush()
                        waits.append(Double(Clock.monotonicNs() - started) / 1e6)
                    }
                    waits.sort()
                    let found = try kept(cluster)
                    print(
                        "\(waits.count) batches of 500: p50 \(waits[waits.count / 2]) ms,",
                        "p99 \(waits[waits.count * 99 / 100]) ms, max \(waits.last ?? 0) ms;",
                        "removed \(found.removedRecords) in \(found.passes) passes")
                }
            }
        }

        private func items() -> [Record] {
            (0..<40).map { number in
                var item = Item()
                item.itemID = "item-\(number)"
                item.title = "Item \(number)"
                item.price = 5
                var record = Record()
                record.content = .item(item)
                return record
            }
        }

        private func kept(_ cluster: ClusterHarness) throws -> Retention {
            try cluster.client(cluster.endpoints.ingest, as: .operator, role: .event)
                .ask(.retentionRequest, RetentionRequest(), as: Retention.self)
        }

        private func check(
            _ cluster: ClusterHarness, _ oracle: Oracle, _ workload: Workload
        ) throws {
            let verify = try Programs.run(
                "limn", ["verify", "--folder", cluster.folder.path], timeout: .seconds(60))
            #expect(verify.status == .exited(0), "\(verify.output)")
            let users = (0..<workload.users).map { "user-\($0)" }
            #expect(try cluster.differences(from: oracle, users: users) == [])
            // Of the catalogue nothing is missing, although its first records are gone.
            try wait(for: "40 items at a scoring that was started anew", within: .seconds(20)) {
                let roles = cluster.status()?.roles.filter { $0.role == "scoring" } ?? []
                let items = roles.flatMap(\.counters).first { $0.name == "items" }?.value
                return items == 40 ? () : nil
            }
            let now = try kept(cluster)
            #expect(now.problem == "" && now.passes > 0)
        }

        /// Without its states a worker begins at the base.
        private func loseState(
            _ cluster: ClusterHarness, _ oracle: Oracle, _ workload: Workload
        ) throws {
            try cluster.stop()
            for name in try Files.list(cluster.folder.stateFolder) {
                try Files.remove("\(cluster.folder.stateFolder)/\(name)")
            }
            try cluster.start()
            let users = (0..<workload.users).map { "user-\($0)" }
            try wait(for: "all profiles again", within: .seconds(20)) {
                try cluster.differences(from: oracle, users: users).isEmpty ? () : nil
            }
        }
    }
}
