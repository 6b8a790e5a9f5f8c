import Glibc
import Runtime
import System
import TestSupport
import Testing

extension ClusterTests {
    @Suite("Commands without a cluster say so at once")
    struct NoClusterTests {
        /// Every command that asks the cluster and cannot do without it.
        static let commands: [[String]] = [
            ["train"], ["send", "--user", "u1", "--item", "i1"],
            ["send", "--user", "u1", "--item", "i1", "--unnumbered"], ["import", "FILE"],
            ["simulate", "--users", "10", "--items", "10", "--events", "100"],
            ["link", "a", "b"], ["status"], ["top", "--once"], ["reload"], ["stop"], ["wait"],
            ["profile", "u1"], ["recommend", "u1"], ["similar", "i1"], ["score", "u1", "i1"],
            ["predict", "u1"], ["models"], ["scale", "features", "2"], ["restart", "all"],
            ["retention"], ["rejects", "retry", "1"], ["rejects", "drop", "1"],
            ["audience", "vip", "--members"], ["audience", "--subscribe"],
            ["audience", "stats.views_7d > 3", "--follow"],
            ["quality"], ["rejects", "list"],
        ]

        /// These read the folder where no ingest answers.
        static let readers: Set = ["quality", "rejects list"]

        @Test("Exit 69, and what to do next, in a folder where no supervisor runs")
        func atOnce() throws {
            let cluster = try ClusterHarness()
            let file = "\(cluster.folder.path)/orders.csv"
            try Files.writeAtomically(
                file, Array("user_id,item_id,type,time\nu1,i1,view,2023-11-14\n".utf8))
            for words in Self.commands {
                let words = words.map { $0 == "FILE" ? file : $0 }
                let began = Clock.monotonic()
                let outcome = try Programs.run(
                    "limn", words + ["--folder", cluster.folder.path], timeout: .seconds(30))
                let took = (Clock.monotonic() - began).milliseconds
                // One second by itself; the rest is for a busy machine.
                #expect(took < 3_000, "\(words) took \(took) ms")
                guard !Self.readers.contains(words.joined(separator: " ")) else { continue }
                #expect(outcome.status == .exited(69), "\(words): \(outcome.output)")
                guard words != ["stop"] else { continue }
                #expect(
                    outcome.output.contains("start it with: limn-supervisor --folder"),
                    "\(words): \(outcome.output)")
            }
        }

        @Test("A supervisor that is only just starting is waited for")
        func starting() throws {
            let cluster = try ClusterHarness()
            try cluster.spawnSupervisor()
            let sent = try Programs.run(
                "limn", ["send", "--user", "u1", "--item", "i1", "--folder", cluster.folder.path],
                timeout: .seconds(60))
            #expect(sent.status == .exited(0), "\(sent.output)")
            try cluster.waitReady()
            try cluster.stop()
        }

        @Test("Where one process does not answer, the hint is to look, not to start another one")
        func oneMissing() throws {
            let cluster = try ClusterHarness()
            try cluster.start()
            let trainer = try cluster.pid(of: .trainer)
            kill(trainer, SIGSTOP)
            let outcome = try Programs.run(
                "limn", ["models", "--folder", cluster.folder.path], timeout: .seconds(60))
            kill(trainer, SIGCONT)
            #expect(outcome.status == .exited(69), "\(outcome.output)")
            #expect(outcome.output.contains("what does not: limn status"), "\(outcome.output)")
            try cluster.stop()
        }

        @Test("Training again on the same data says that its models are in use, at once")
        func unchanged() throws {
            try ClusterHarness.withCluster { cluster in
                let folder = ["--folder", cluster.folder.path]
                func limn(_ words: String...) throws -> Programs.Outcome {
                    try Programs.run("limn", words + folder, timeout: .seconds(100))
                }
                let made = try limn(
                    "simulate", "--users", "100", "--items", "50", "--events", "4000")
                #expect(made.status == .exited(0), "\(made.output)")
                #expect(try limn("wait").status == .exited(0))
                let first = try limn("train", "popularity", "item_to_item")
                #expect(first.status == .exited(0), "\(first.output)")
                #expect(!first.output.contains("unchanged"))
                let began = Clock.monotonic()
                let second = try limn("train", "popularity", "item_to_item")
                let took = (Clock.monotonic() - began).milliseconds
                #expect(second.status == .exited(0), "\(second.output)")
                #expect(
                    second.output.contains(
                        "the data is unchanged, and so are the models: they are in use already"),
                    "\(second.output)")
                #expect(!second.output.contains("does not use"), "\(second.output)")
                #expect(took < 10_000, "took \(took) ms")
            }
        }
    }
}
