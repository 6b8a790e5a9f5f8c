import Glibc
import Messages
import Runtime
import System
import TestSupport
import Testing

extension ClusterTests {
    @Suite("A changed configuration is applied while the cluster runs")
    struct ReloadTests {
        private static func text(trainer: String = "", supervisor: String = "", log: String = "")
            -> String
        {
            """
            {
              ingest: {listen: ""}, scoring: {listen: ""},
              trainer: {onStart: false, every: "0", \(trainer)},
              supervisor: {backoffFirst: "20 ms", restartsMax: 1000, http: "", \(supervisor)},
              log: {\(log)},
            }
            """
        }

        private func reload(
            _ cluster: ClusterHarness, _ flags: [String] = []
        ) throws -> Programs.Outcome {
            try Programs.run("limn", ["reload", "--folder", cluster.folder.path] + flags)
        }

        private func pids(_ cluster: ClusterHarness) throws -> [String: UInt32] {
            let status = try cluster.waitReady()
            return Dictionary(uniqueKeysWithValues: status.roles.map { ($0.role, $0.pid) })
        }

        @Test("What can be is applied at once, and only what must be is started anew")
        func applied() throws {
            try ClusterHarness.withCluster(configuration: Self.text()) { cluster in
                let before = try pids(cluster)
                try cluster.configure(
                    Self.text(
                        trainer: "keepVersions: 9", supervisor: "silentMax: \"9 s\"",
                        log: "level: \"debug\""))
                let dry = try reload(cluster, ["--dry-run"])
                #expect(
                    dry.output == """
                        trainer.keepVersions: 3 → 9: restarts trainer, one process at a time
                        supervisor.silentMax: "5 s" → "9 s": holds at once
                        log.level: "info" → "debug": holds at once

                        """)
                #expect(try pids(cluster) == before, "a dry run changes nothing")
                let done = try reload(cluster)
                #expect(done.status == .exited(0) && done.output == dry.output, "\(done.output)")
                let after = try wait(for: "the trainer's restart", within: .seconds(30)) {
                    let now = try pids(cluster)
                    return now["trainer"] != before["trainer"] ? now : nil
                }
                for role in ["ingest", "features", "scoring"] {
                    #expect(after[role] == before[role], "\(role) was started anew")
                }
                #expect(try reload(cluster).output == "nothing has changed\n")
            }
        }

        @Test("A bad file changes nothing, names its line, and hurts no process that starts again")
        func refused() throws {
            try ClusterHarness.withCluster(configuration: Self.text()) { cluster in
                let before = try pids(cluster)
                try cluster.configure("{\n  trainer: {\n    keepVersion: 4,\n  },\n}")
                let answer = try reload(cluster)
                #expect(answer.status == .exited(78), "limn reads the file as well")
                #expect(
                    answer.output.contains("limn.json5:3: trainer.keepVersion: there is no key"))
                #expect(try pids(cluster) == before)
                // The file is still bad; who starts again reads what was accepted.
                kill(try cluster.pid(of: .scoring), SIGKILL)
                try wait(for: "the new scoring process", within: .seconds(20)) {
                    try pids(cluster)["scoring"] != before["scoring"] ? () : nil
                }
            }
        }

        @Test("SIGHUP reloads, and says in the log what is wrong")
        func signalled() throws {
            try ClusterHarness.withCluster(configuration: Self.text()) { cluster in
                let supervisor = try #require(cluster.supervisor)
                try cluster.configure(Self.text(supervisor: "silentMax: \"8 s\""))
                kill(supervisor.pid, SIGHUP)
                try wait(for: "the change in the log", within: .seconds(10)) {
                    cluster.lastWords.contains("supervisor.silentMax: \\\"5 s\\\" → \\\"8 s\\\"")
                        ? () : nil
                }
                try cluster.configure("{ log: 5 }")
                kill(supervisor.pid, SIGHUP)
                try wait(for: "the refusal in the log", within: .seconds(10)) {
                    cluster.lastWords.contains("limn.json5:1: log: must be an object") ? () : nil
                }
                #expect(cluster.status()?.state == "ready")
            }
        }
    }
}
