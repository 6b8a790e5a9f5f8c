import Glibc
import Messages
import Runtime
import Storage
import System
import TestSupport
import Testing

extension ClusterTests {
    @Suite("A cluster with a log of very many small groups starts and goes on")
    struct ManyGroupsClusterTests {
        /// `LIMN_MEASURE_GROUPS=1000000` makes it as long as wanted, and prints.
        private static var groups: Int {
            Environment.variable("LIMN_MEASURE_GROUPS").flatMap { Int($0) } ?? 20_000
        }

        @Test("ready at once with nothing folded; scoring restarts and nobody waits for it")
        func start() throws {
            let cluster = try ClusterHarness()
            var many = ManyGroups(groups: Self.groups)
            many.itemEvery = 100
            try Files.makeFolder(cluster.folder.logFolder)
            try many.fill(try SQLiteEventLog(folder: cluster.folder.logFolder))
            let began = Clock.monotonic()
            try cluster.start()
            let ready = Clock.monotonic() - began
            let producer = try cluster.producer("till")
            var sent: [Duration] = []
            var lagMax: UInt32 = 0
            var workload = Workload(seed: 4, users: 100)
            var oracle = Oracle()
            func send() throws {
                let before = Clock.monotonic()
                try producer.send(workload.batch(5, into: &oracle))
                try producer.flush()
                sent.append(Clock.monotonic() - before)
            }
            for _ in 0..<20 { try send() }
            let items = many.items
            try waitForItems(cluster, items)
            kill(try cluster.pid(of: .scoring), SIGKILL)
            for _ in 0..<200 {
                try send()
                let ingest = cluster.status()?.roles.first { $0.role == "ingest" }
                lagMax = max(lagMax, ingest?.loopLagUs ?? 0)
                #expect(ingest?.restarts == 0)
            }
            try waitForItems(cluster, items)
            let longest = sent.max() ?? .zero
            #expect(longest < .seconds(3), "an acknowledgement took \(longest)")
            if Environment.variable("LIMN_MEASURE_GROUPS") != nil {
                print(
                    "groups \(Self.groups): ready \(ready), longest acknowledgement \(longest),",
                    "lag of ingest's loop at most \(lagMax) µs")
            }
            try cluster.stop()
        }

        private func waitForItems(_ cluster: ClusterHarness, _ items: Int) throws {
            try wait(for: "\(items) items in scoring", within: .seconds(60)) {
                let scoring = cluster.status()?.roles.first { $0.role == "scoring" }
                let known = scoring?.counters.first { $0.name == "items" }?.value ?? 0
                return scoring?.state == "ready" && known >= Double(items) ? () : nil
            }
        }
    }
}
