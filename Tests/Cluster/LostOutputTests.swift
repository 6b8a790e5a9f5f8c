import Messages
import Runtime
import System
import TestSupport
import Testing

extension ClusterTests {
    @Suite("Output that cannot be written is an error, not a crash")
    struct LostOutputTests {
        /// Standard output goes to a device that is always full.
        private func full(_ name: String, _ words: [String]) throws -> Programs.Outcome {
            let command = "exec \"$0\" \"$@\" >/dev/full"
            return try Programs.run(
                "/bin/sh", ["-c", command, "\(Programs.folder)/\(name)"] + words)
        }

        /// The reader of standard output is gone before the program starts.
        private func unread(
            _ words: [String]
        ) throws -> (status: System.ExitStatus?, errors: String) {
            let folder = try Files.makeTemporaryFolder(prefix: "limn-unread")
            defer { try? Files.removeTree(folder) }
            let errors = try Descriptor.appending("\(folder)/errors")
            let output: Int32
            do {
                let ends = try Descriptor.pipe().release()
                _ = Descriptor(owning: ends.read)
                output = ends.write
            }
            defer { _ = Descriptor(owning: output) }
            var request = SpawnRequest(path: "\(Programs.folder)/limn", arguments: words)
            request.output = output
            request.errors = errors.raw
            let child = try ChildProcess.spawn(request)
            let status = child.wait(timeout: .seconds(20))
            if status == nil { child.signalGroup(Signals.kill) }
            return (status, try Files.readText("\(folder)/errors"))
        }

        @Test("A full device: 74 and one line; a reader that left: 141 and not a word")
        func lost() throws {
            try ClusterHarness.withCluster { cluster in
                let producer = try cluster.producer("lost")
                var workload = Workload(seed: 1)
                var oracle = Oracle()
                try producer.send(workload.batch(3, into: &oracle))
                try producer.flush(timeout: .seconds(10))
                let folder = ["--folder", cluster.folder.path]
                let commands: [[String]] = [
                    ["help"], ["version"], ["completion", "bash"], ["help", "exit-codes"],
                    ["profile", "u1"] + folder, ["profile", "u1", "--json"] + folder,
                    ["recommend", "u1"] + folder, ["status"] + folder,
                    ["status", "--json"] + folder, ["top", "--once"] + folder,
                    ["users"] + folder, ["features"] + folder, ["tags"] + folder,
                    ["models"] + folder, ["rejects", "list"] + folder,
                    ["verify"] + folder, ["identity"] + folder, ["retention"] + folder,
                    ["eval"] + folder, ["reload", "--dry-run"] + folder,
                    ["audience", "stats.events_life > 0"] + folder, ["segments"] + folder,
                    ["risk"] + folder,
                ]
                for words in commands {
                    let outcome = try full("limn", words)
                    let usual = try Programs.run("limn", words)
                    // Who has nothing to say on standard output has lost nothing.
                    guard !usual.output.contains("\n  → ") else {
                        Issue.record("\(words) says nothing: \(usual.output)")
                        continue
                    }
                    #expect(outcome.status == .exited(74), "\(words): \(outcome)")
                    #expect(
                        outcome.output
                            == "limn: cannot write the output: write standard output: "
                            + "No space left on device\n", "\(words)")
                    let left = try unread(words)
                    #expect(left.status == .exited(141), "\(words): \(left)")
                    #expect(left.errors == "", "\(words)")
                }
                for name in ["limn-supervisor"] + RoleKind.allCases.map(\.executable) {
                    let outcome = try full(name, ["--help"])
                    #expect(outcome.status == .exited(74), "\(name): \(outcome)")
                    #expect(outcome.output.hasPrefix("\(name): cannot write the output"))
                }
            }
        }

        @Test("Whoever follows ends when nobody reads any more")
        func followers() throws {
            try ClusterHarness.withCluster { cluster in
                let folder = ["--folder", cluster.folder.path]
                for words in [["top"], ["audience", "stats.events_life > 0", "--follow"]] {
                    let left = try unread(words + folder)
                    #expect(left.status == .exited(141), "\(words): \(left)")
                }
            }
        }
    }
}
