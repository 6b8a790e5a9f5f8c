import Glibc
import Messages
import Runtime
import System
import TestSupport
import Testing

extension ClusterTests {
    @Suite("Supervisors end, are killed and are followed by others")
    struct SupervisorEndTests {
        @Test("Roles end when the supervisor is killed, and a new one finds the data whole")
        func killedSupervisor() throws {
            let cluster = try ClusterHarness()
            try cluster.start()
            var oracle = Oracle()
            var workload = Workload(seed: KillTests.seed, users: 100)
            let producer = try cluster.producer("survivor")
            for _ in 0..<40 { try producer.send(workload.batch(500, into: &oracle)) }
            let started = Clock.monotonic()
            try cluster.killSupervisor()
            try wait(for: "the roles' end", within: .seconds(10)) {
                cluster.processes().isEmpty ? () : nil
            }
            let took = (Clock.monotonic() - started).milliseconds
            print("roles ended \(took) ms after their supervisor was killed")
            try cluster.start()
            for _ in 0..<10 { try producer.send(workload.batch(500, into: &oracle)) }
            try producer.flush()
            #expect(producer.totals.accepted == UInt64(oracle.accepted))
            try check(cluster, oracle, workload)
            try cluster.stop()
        }

        @Test("SIGTERM during an import: exit 0, and the import goes on after the restart")
        func gracefulStop() throws {
            let cluster = try ClusterHarness()
            try cluster.start()
            var oracle = Oracle()
            var workload = Workload(seed: KillTests.seed, users: 100)
            let producer = try cluster.producer("patient")
            for _ in 0..<40 { try producer.send(workload.batch(500, into: &oracle)) }
            // Batches are still unanswered while everything stops.
            try cluster.stop()
            try cluster.start()
            for _ in 0..<20 { try producer.send(workload.batch(500, into: &oracle)) }
            try producer.flush()
            #expect(producer.totals.accepted == UInt64(oracle.accepted))
            #expect(producer.totals.rejected == UInt64(oracle.rejected))
            try check(cluster, oracle, workload)
            try cluster.stop()
        }

        @Test("A second supervisor on the folder is refused and told who holds it")
        func secondSupervisor() throws {
            try ClusterHarness.withCluster { cluster in
                let second = try Programs.run(
                    "limn-supervisor", ["--folder", cluster.folder.path])
                #expect(second.status == .exited(ExitClass.unavailable.rawValue))
                let holder = try #require(cluster.supervisor).pid
                #expect(second.output.contains("is in use by limn-supervisor, pid \(holder)"))
                #expect(cluster.status()?.state == "ready", "the first one does not mind")
            }
        }

        private func check(
            _ cluster: ClusterHarness, _ oracle: Oracle, _ workload: Workload
        ) throws {
            let log = try cluster.readLog(eventsMax: workload.made)
            #expect(log.records == oracle.accepted && log.distinct == oracle.accepted)
            #expect(log.gaps.isEmpty)
            try cluster.waitApplied(log.records)
            let users = (0..<workload.users).map { "user-\($0)" }
            #expect(try cluster.differences(from: oracle, users: users) == [])
        }
    }
}
