import Glibc
import Messages
import Runtime
import System
import TestSupport
import Testing

extension ClusterTests {
    @Suite("Tags and audiences of a running cluster")
    struct TagClusterTests {
        private static func text(_ tags: String) -> String {
            """
            {
              ingest: {listen: ""}, scoring: {listen: ""},
              trainer: {onStart: false, every: "0"},
              supervisor: {backoffFirst: "20 ms", restartsMax: 1000, http: ""},
              tags: {\(tags)},
            }
            """
        }

        private static let tags = """
            best: "'buyer' in tags && size(items.bought) >= 2",
            buyer: {when: "stats.purchases_life > 0", meaning: "has bought"},
            critic: "stats.mean_rating < 3",
            """

        private func limn(
            _ cluster: ClusterHarness, _ words: String...
        ) throws -> Programs.Outcome {
            try Programs.run("limn", words + ["--folder", cluster.folder.path])
        }

        private func send(_ cluster: ClusterHarness, _ user: String, _ item: String) throws {
            let sent = try limn(
                cluster, "send", "--user", user, "--type", "purchase", "--item", item)
            #expect(sent.status == .exited(0), "\(sent.output)")
        }

        /// Runs a command until what it prints holds the text: states are committed lazily.
        private func expect(
            _ wanted: String, _ cluster: ClusterHarness, _ words: String...
        ) throws {
            var last = ""
            _ = try wait(for: "\(wanted) from \(words), not: \(last)", within: .seconds(30)) {
                last = try Programs.run("limn", words + ["--folder", cluster.folder.path]).output
                return last.contains(wanted) ? true : nil
            }
        }

        @Test("A profile has its tags, and the tables agree with it")
        func whole() throws {
            try ClusterHarness.withCluster(configuration: Self.text(Self.tags)) { cluster in
                try send(cluster, "u1", "i1")
                try send(cluster, "u1", "i2")
                try send(cluster, "u2", "i1")
                let seen = try limn(cluster, "send", "--user", "u3", "--item", "i1")
                #expect(seen.status == .exited(0))
                try expect("\"tags\":[\"best\",\"buyer\"]", cluster, "profile", "u1", "--json")
                try expect("\"tags\":[\"buyer\"]", cluster, "profile", "u2", "--json")
                try expect("\"tags\":[]", cluster, "profile", "u3", "--json")
                try expect("true for 2 (66.7 %), false for 1", cluster, "eval", "'buyer' in tags")
                let tags = try limn(cluster, "tags", "--json")
                #expect(tags.output.contains("\"name\":\"best\""), "\(tags.output)")
                #expect(tags.output.contains("\"users\":1,\"coverage\":0.333"), "\(tags.output)")
                #expect(tags.output.contains("\"users\":0,\"coverage\":0,\"unknown\":3"))

                let csv = cluster.folder.path + "/buyers.csv"
                let audience = try limn(
                    cluster, "audience", "'buyer' in tags", "'best' in tags", "--csv", csv,
                    "--snapshot", "spring", "--json")
                #expect(audience.output.contains("\"overlaps\":[2,1]"), "\(audience.output)")
                #expect(audience.output.contains("\"overlaps\":[1,1]"))
                #expect(audience.output.contains("\"version\":1"))
                let lines = try Files.readText(csv).split(separator: "\r\n").map(String.init)
                #expect(lines.first == "user_id" && Set(lines.dropFirst()) == ["u1", "u2"])
            }
        }

        @Test("Who joins and leaves is told while it happens, new users included")
        func followed() throws {
            try ClusterHarness.withCluster(configuration: Self.text(Self.tags)) { cluster in
                try send(cluster, "u1", "i1")
                try expect("true for 1", cluster, "eval", "'buyer' in tags")
                let output = cluster.folder.path + "/follow.txt"
                let follower = try Programs.start(
                    "limn",
                    [
                        "audience", "'buyer' in tags", "size(items.cart) > 0", "--follow", "--json",
                        "--folder", cluster.folder.path,
                    ], output: output)
                defer {
                    follower.signalGroup(Signals.kill)
                    _ = follower.wait(timeout: .seconds(5))
                }
                func told(_ line: String) throws {
                    _ = try wait(
                        for: "\(line), not: \((try? Files.readText(output)) ?? "")",
                        within: .seconds(30)
                    ) { (try? Files.readText(output))?.contains(line) == true ? true : nil }
                }
                func cart(_ type: String) throws {
                    let sent = try limn(
                        cluster, "send", "--user", "u1", "--type", type, "--item", "i9")
                    #expect(sent.status == .exited(0), "\(sent.output)")
                }
                try told("{\"audience\":\"'buyer' in tags\",\"users\":1}")
                try send(cluster, "u2", "i1")
                try told("\"user_id\":\"u2\",\"joined\":true,\"users\":2")
                try cart("cart_add")
                try told("\"user_id\":\"u1\",\"joined\":true,\"users\":1")
                try cart("cart_remove")
                try told("\"user_id\":\"u1\",\"joined\":false,\"users\":0")
                // A worker that is killed comes back under the same name, and is heard again.
                let worker = try cluster.waitReady().roles.first { $0.role == "features" }
                kill(pid_t(try #require(worker).pid), SIGKILL)
                try send(cluster, "u3", "i1")
                try told("\"user_id\":\"u3\",\"joined\":true,\"users\":3")
                let lines = try Files.readText(output).split(separator: "\n")
                #expect(lines.count == 6, "\(lines)")
            }
        }

        @Test("The cluster publishes who joins and leaves, and is whole again after a kill")
        func published() throws {
            try ClusterHarness.withCluster(configuration: Self.text(Self.tags)) { cluster in
                try send(cluster, "u1", "i1")
                try expect("true for 1", cluster, "eval", "'buyer' in tags")
                let unknown = try limn(cluster, "audience", "buyers", "--subscribe")
                #expect(unknown.output.contains("did you mean buyer?"), "\(unknown.output)")
                let output = cluster.folder.path + "/published.txt"
                let subscriber = try Programs.start(
                    "limn",
                    [
                        "audience", "buyer", "best", "--subscribe", "--json", "--folder",
                        cluster.folder.path,
                    ], output: output)
                defer {
                    subscriber.signalGroup(Signals.kill)
                    _ = subscriber.wait(timeout: .seconds(5))
                }
                func told(_ line: String, times: Int = 1) throws {
                    _ = try wait(
                        for: "\(line), not: \((try? Files.readText(output)) ?? "")",
                        within: .seconds(30)
                    ) {
                        let text = (try? Files.readText(output)) ?? ""
                        return text.split(separator: "\n").count { $0.contains(line) } >= times
                            ? true : nil
                    }
                }
                try told("{\"audience\":\"buyer\",\"users\":1}")
                try send(cluster, "u2", "i1")
                try told("{\"audience\":\"buyer\",\"user_id\":\"u2\",\"joined\":true}")
                try send(cluster, "u2", "i2")
                try told("{\"audience\":\"best\",\"user_id\":\"u2\",\"joined\":true}")
                try told("{\"audience\":\"buyer\",\"users\":2}")
                let trainer = try cluster.waitReady().roles.first { $0.role == "trainer" }
                kill(pid_t(try #require(trainer).pid), SIGKILL)
                // Whether it happens while nobody keeps the audiences or later: it is told.
                try send(cluster, "u3", "i1")
                try told("{\"audience\":\"buyer\",\"user_id\":\"u3\",\"joined\":true}")
                try told("{\"audience\":\"buyer\",\"users\":3}")
                try told("some moves were not heard")
                try send(cluster, "u4", "i1")
                try told("{\"audience\":\"buyer\",\"user_id\":\"u4\",\"joined\":true}")
                try told("{\"audience\":\"buyer\",\"users\":4}")
                let members = try limn(cluster, "audience", "buyer", "--members")
                #expect(members.status == .exited(0))
                #expect(
                    Set(members.output.split(separator: "\n")) == ["u1", "u2", "u3", "u4"],
                    "\(members.output)")
                let nobody = try limn(cluster, "audience", "buyers", "--members")
                #expect(
                    nobody.output.contains("no tag is called buyers; the audiences are: best"),
                    "\(nobody.output)")
            }
        }

        @Test("Two identifiers that are linked are one user everywhere, and two once undone")
        func persons() throws {
            try ClusterHarness.withCluster(configuration: Self.text(Self.tags)) { cluster in
                try send(cluster, "account", "i1")
                try send(cluster, "cookie", "i2")
                try expect("true for 2", cluster, "eval", "'buyer' in tags")
                try expect("account\ncookie", cluster, "audience", "buyer", "--members")
                let linked = try limn(cluster, "link", "account", "cookie")
                #expect(linked.status == .exited(0), "\(linked.output)")
                try expect("account", cluster, "audience", "best", "--members")
                let members = try limn(cluster, "audience", "buyer", "--members")
                #expect(members.output == "account\n", "\(members.output)")
                try expect("true for 1 (100.0 %)", cluster, "eval", "'best' in tags")
                try expect("true", cluster, "eval", "'best' in tags", "--user", "cookie")
                let users = try limn(cluster, "users", "--json")
                #expect(users.output.contains("\"user_id\":\"account\",\"events\":2"))
                #expect(!users.output.contains("cookie"), "\(users.output)")
                let undone = try limn(cluster, "link", "account", "cookie", "--undo")
                #expect(undone.status == .exited(0), "\(undone.output)")
                try expect("account\ncookie", cluster, "audience", "buyer", "--members")
                let nobody = try limn(cluster, "audience", "best", "--members")
                #expect(nobody.output.isEmpty || !nobody.output.contains("account"))
                try expect("true for 0", cluster, "eval", "'best' in tags")
            }
        }

        @Test("Tags change while the cluster runs, and a mistake changes nothing")
        func reloaded() throws {
            try ClusterHarness.withCluster(configuration: Self.text("")) { cluster in
                try send(cluster, "u1", "i1")
                try expect("\"tags\":[]", cluster, "profile", "u1", "--json")
                try cluster.configure(Self.text("buyer: \"stats.purchase_life > 0\""))
                let wrong = try limn(cluster, "reload")
                #expect(wrong.status != .exited(0))
                #expect(
                    wrong.output.contains("did you mean stats.purchases_life?"),
                    "\(wrong.output)")
                try cluster.configure(Self.text("a: \"'b' in tags\", b: \"'a' in tags\""))
                #expect(try limn(cluster, "reload").output.contains("a → b → a"))
                try cluster.configure(Self.text("buyer: \"stats.purchases_life > 0\""))
                let right = try limn(cluster, "reload")
                #expect(right.output.contains("restarts trainer, scoring"), "\(right.output)")
                try expect("\"tags\":[\"buyer\"]", cluster, "profile", "u1", "--json")
            }
        }
    }
}
