import Glibc
import Messages
import Runtime
import System
import TestSupport
import Testing

extension ClusterTests {
    @Suite("A cluster is found, whatever the shell of whoever asks")
    struct RunFolderTests {
        @Test("Another XDG_RUNTIME_DIR than the supervisor's; a note of a dead one is stale")
        func elsewhere() throws {
            let base = try Files.makeTemporaryFolder(prefix: "limn-long")
            defer { try? Files.removeTree(base) }
            // Too long for sockets, so that they lie elsewhere.
            let deep = base + "/" + String(repeating: "d", count: 100)
            let (one, other) = ("\(base)/one", "\(base)/other")
            for folder in [deep, one, other] { try Files.makeFolder(folder) }
            let cluster = try ClusterHarness(below: deep)
            cluster.variables = ["XDG_RUNTIME_DIR=\(one)"]
            let limn = "\(Programs.folder)/limn"
            func status(_ variables: [String]) throws -> Programs.Outcome {
                try Programs.run(
                    "/usr/bin/env",
                    ["-u", "XDG_RUNTIME_DIR"] + variables
                        + [limn, "status", "--folder", cluster.folder.path])
            }
            try cluster.spawnSupervisor()
            // As from cron, from another login, and from the supervisor's own.
            for variables in [[], ["XDG_RUNTIME_DIR=\(other)"], cluster.variables] {
                try wait(for: "status with \(variables)", within: .seconds(60)) {
                    try status(variables).status == .exited(0) ? () : nil
                }
            }
            #expect(try Files.list(one).count == 1 && Files.list(other).isEmpty)
            // A killed supervisor leaves its note, which counts for nothing.
            try cluster.killSupervisor()
            try wait(for: "the end of the roles", within: .seconds(20)) {
                cluster.processes().isEmpty ? () : nil
            }
            #expect(Files.exists(cluster.folder.runPlaceFile))
            #expect(try status(["XDG_RUNTIME_DIR=\(other)"]).status == .exited(69))
            cluster.variables = ["XDG_RUNTIME_DIR=\(other)"]
            try cluster.spawnSupervisor()
            try wait(for: "status of the new one", within: .seconds(60)) {
                try status([]).status == .exited(0) ? () : nil
            }
            #expect(try Files.list(other).count == 1)
            try cluster.stop()
            #expect(!Files.exists(cluster.folder.runPlaceFile))
        }

        @Test("status and top say what is wrong with limn.json5, and how the cluster is")
        func broken() throws {
            try ClusterHarness.withCluster { cluster in
                let folder = ["--folder", cluster.folder.path]
                try cluster.configure("{\n  trainer: {\n    keepVersion: 4,\n  },\n}")
                for words in [["status"], ["status", "--json"], ["top", "--once"], ["models"]] {
                    let outcome = try Programs.run("limn", words + folder)
                    #expect(
                        outcome.output.contains("limn.json5:3: trainer.keepVersion: there is no"),
                        "\(words)")
                    #expect(outcome.output.contains("goes on with what it has accepted"))
                    guard words[0] != "models" else { continue }
                    #expect(outcome.status == .exited(0), "\(words): \(outcome.output)")
                    #expect(outcome.output.contains("ready"), "\(words): \(outcome.output)")
                }
                try cluster.configure(ClusterHarness.quietConfiguration)
                let mended = try Programs.run("limn", ["status"] + folder)
                #expect(!mended.output.contains("goes on with"))
            }
        }
    }
}
