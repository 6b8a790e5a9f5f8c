import Glibc
import Messages
import Runtime
import System
import TestSupport
import Testing

extension ClusterTests {
    @Suite("limn stop ends the cluster in order")
    struct StopTests {
        private func stop(
            _ cluster: ClusterHarness, _ words: String...
        ) throws -> Programs.Outcome {
            try Programs.run(
                "limn", ["stop", "--folder", cluster.folder.path] + words, timeout: .seconds(60))
        }

        @Test("When it returns, no process and no socket is left, and nothing acknowledged is lost")
        func whole() throws {
            let cluster = try ClusterHarness()
            try cluster.start()
            let supervisor = try #require(cluster.supervisor)
            var oracle = Oracle()
            var workload = Workload(seed: 5, users: 20)
            let producer = try cluster.producer("before")
            for _ in 0..<10 { try producer.send(workload.batch(500, into: &oracle)) }
            try producer.flush()
            let outcome = try stop(cluster)
            #expect(outcome.status == .exited(0), "\(outcome.output)")
            #expect(outcome.output.contains("is stopped, after"), "\(outcome.output)")
            #expect(supervisor.wait(timeout: .seconds(5)) == .exited(0), "\(cluster.lastWords)")
            #expect(cluster.processes().isEmpty && cluster.sockets().isEmpty)
            #expect(cluster.lastWords.contains("SIGTERM"), "\(cluster.lastWords)")
            let again = try stop(cluster)
            #expect(again.status == .exited(69))
            #expect(again.output.contains("no cluster of \(cluster.folder.path) runs"))
            try cluster.start()
            #expect(try cluster.readLog(eventsMax: workload.made).distinct == oracle.accepted)
            try cluster.stop()
        }

        @Test("As JSON: who was stopped, and after how long")
        func json() throws {
            let cluster = try ClusterHarness()
            try cluster.start()
            let supervisor = try #require(cluster.supervisor)
            let outcome = try stop(cluster, "--json")
            #expect(outcome.status == .exited(0), "\(outcome.output)")
            #expect(
                outcome.output.contains("\"pid\":\(supervisor.pid),\"stopped\":true,\"ms\":"),
                "\(outcome.output)")
            #expect(supervisor.wait(timeout: .seconds(5)) == .exited(0))
            let missing = try stop(cluster, "--json")
            #expect(missing.status == .exited(69))
            #expect(missing.output.contains("\"exit\":69"), "\(missing.output)")
        }

        @Test("Who cannot stop in time is said to be still there, and a dead one is no cluster")
        func late() throws {
            let cluster = try ClusterHarness()
            try cluster.start()
            let supervisor = try #require(cluster.supervisor)
            kill(supervisor.pid, SIGSTOP)
            let late = try stop(cluster, "--timeout", "1")
            #expect(late.status == .exited(1), "\(late.output)")
            #expect(late.output.contains("not down yet"), "\(late.output)")
            kill(supervisor.pid, SIGCONT)
            #expect(supervisor.wait(timeout: .seconds(30)) == .exited(0))
            try cluster.start()
            try cluster.killSupervisor()
            try wait(for: "the roles' end", within: .seconds(20)) {
                cluster.processes().isEmpty ? () : nil
            }
            #expect(try stop(cluster).status == .exited(69))
        }
    }
}
