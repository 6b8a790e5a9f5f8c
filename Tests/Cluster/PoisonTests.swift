import Messages
import Runtime
import Storage
import System
import TestSupport
import Testing

extension ClusterTests {
    @Suite("A record that kills its process is put aside, its neighbours count")
    struct PoisonTests {
        private static let poison = "deadly"

        /// 400 events as drawn, and the deadly one among them.
        private func batch(_ workload: inout Workload, _ oracle: inout Oracle) -> [Record] {
            var records = workload.batch(400, into: &oracle)
            var event = Event()
            event.eventID = Self.poison
            event.userID = "user-1"
            event.type = .view
            event.timeMs = FixtureTime.nowMs
            event.itemID = "item-1"
            var record = Record()
            record.content = .event(event)
            records.insert(record, at: 200)
            return records
        }

        private func counter(_ name: String, _ role: String, _ cluster: ClusterHarness) -> Double {
            let roles = cluster.status()?.roles.filter { $0.role == role } ?? []
            return roles.flatMap(\.counters).filter { $0.name == name }
                .reduce(0) { $0 + $1.value }
        }

        private func deaths(_ cluster: ClusterHarness, _ role: String) throws -> UInt32 {
            let roles = try #require(cluster.status()).roles
            return roles.filter { $0.role == role }.reduce(0) { $0 + $1.restarts }
        }

        @Test("at a feature worker: quarantined after two deaths, listed, left out by verify")
        func worker() throws {
            let cluster = try ClusterHarness()
            cluster.faults = "poison=\(Self.poison)"
            try cluster.start()
            var oracle = Oracle()
            var workload = Workload(seed: 11, users: 40)
            let producer = try cluster.producer("poisoner")
            try producer.send(batch(&workload, &oracle))
            try producer.send(workload.batch(400, into: &oracle))
            try producer.flush()
            #expect(producer.totals.accepted == UInt64(oracle.accepted) + 1)
            try cluster.waitApplied(oracle.accepted + 1)
            try cluster.waitReady()
            #expect(try deaths(cluster, "features") == 2)
            let users = (0..<40).map { "user-\($0)" }
            #expect(try cluster.differences(from: oracle, users: users) == [])
            let listed = try Programs.run(
                "limn",
                ["rejects", "list", "--quarantined", "--json", "--folder", cluster.folder.path])
            #expect(listed.output.contains(Self.poison), "\(listed.output)")
            try wait(for: "the count in status", within: .seconds(10)) {
                counter("quarantined", "features", cluster) == 1 ? () : nil
            }
            cluster.faults = ""
            try cluster.stop()
            let quarantine = try Quarantine(folder: cluster.folder.logFolder)
            #expect(quarantine.records.count == 1)
            let verified = try Programs.run(
                "limn", ["verify", "--folder", cluster.folder.path], timeout: .seconds(60))
            #expect(verified.status == .exited(0), "\(verified.output)")
        }

        @Test("at ingest: refused as poisoned after two deaths, its neighbours taken")
        func ingest() throws {
            let cluster = try ClusterHarness()
            cluster.faults = "poisonIngest=\(Self.poison)"
            try cluster.start()
            var oracle = Oracle()
            var workload = Workload(seed: 12, users: 40)
            let producer = try cluster.producer("poisoner")
            var codes: [ErrorCode] = []
            producer.onResult = { codes += $0.rejects.map(\.code) }
            try producer.send(batch(&workload, &oracle))
            try producer.send(workload.batch(400, into: &oracle))
            try producer.flush()
            #expect(producer.totals.accepted == UInt64(oracle.accepted))
            #expect(codes.filter { $0 == .recordPoisoned }.count == 1)
            #expect(try deaths(cluster, "ingest") == 2)
            try cluster.waitApplied(oracle.accepted)
            let users = (0..<40).map { "user-\($0)" }
            #expect(try cluster.differences(from: oracle, users: users) == [])
            try cluster.stop()
        }
    }
}
