import Glibc
import Messages
import Runtime
import System
import TestSupport
import Testing

extension ClusterTests {
    @Suite("Scoring answers with the age of its data whatever lies behind it")
    struct DegradedTests {
        private static func configuration(_ supervisor: String) -> String {
            """
            {
              ingest: {listen: ""}, scoring: {listen: ""},
              trainer: {onStart: false, every: "0"},
              supervisor: {http: "", backoffFirst: "20 ms", backoffMax: "50 ms", \(supervisor)},
            }
            """
        }

        private static let behind: [RoleKind] = [.ingest, .features, .trainer]

        private func profile(_ cluster: ClusterHarness, _ user: String) throws -> Profile {
            var request = ProfileRequest()
            request.userID = user
            let client = try cluster.client(cluster.endpoints.scoring(0), as: .client)
            return try client.ask(
                .profileRequest, request, as: Profile.self, timeout: .seconds(3))
        }

        private func recommend(_ cluster: ClusterHarness, _ user: String) throws -> Recommendations
        {
            var request = RecommendRequest()
            request.userID = user
            let client = try cluster.client(cluster.endpoints.scoring(0), as: .client)
            return try client.ask(
                .recommendRequest, request, as: Recommendations.self, timeout: .seconds(3))
        }

        /// Some users are known, and `user-0` has been asked for.
        private func fill(_ cluster: ClusterHarness) throws {
            let producer = try cluster.producer("degraded")
            var oracle = Oracle()
            var workload = Workload(seed: 11, users: 10)
            try producer.send(workload.batch(500, into: &oracle))
            let items = (0..<50).map { number in
                var item = Item()
                item.itemID = "item-\(number)"
                item.title = "Thing \(number)"
                item.category = "shop/shelf-\(number % 20)"
                item.timeMs = FixtureTime.nowMs
                var record = Record()
                record.content = .item(item)
                return record
            }
            try producer.send(items)
            try producer.flush()
            try wait(for: "ten recommendations", within: .seconds(20)) {
                try recommend(cluster, "user-1").items.count == 10 ? () : nil
            }
            _ = try wait(for: "a fresh profile", within: .seconds(10)) {
                let found = try profile(cluster, "user-0")
                return found.known && found.ageMs < 2000 ? found : nil
            }
        }

        private func checkAges(_ cluster: ClusterHarness) throws {
            let old = try wait(for: "an age above 2 s", within: .seconds(15)) {
                let found = try profile(cluster, "user-0")
                return found.ageMs > 2000 ? found : nil
            }
            #expect(old.known, "what is held is shown")
            let list = try recommend(cluster, "user-0")
            #expect(list.profileAgeMs >= old.ageMs && !list.items.isEmpty)
            // Nothing is held of this one, and nobody could be asked: so nothing is said.
            #expect {
                try recommend(cluster, "user-unknown")
            } throws: { error in
                guard case .refused(let code, _, let pause) = error as? RequestFailure else {
                    return false
                }
                return code == .unavailable && pause > 0
            }
            let visitor = try recommend(cluster, "")
            #expect(visitor.fallback && !visitor.items.isEmpty)
        }

        @Test("Everything behind scoring is frozen")
        func frozen() throws {
            let settings = Self.configuration("silentMax: \"1 h\", stuckMax: \"1 h\"")
            try ClusterHarness.withCluster(configuration: settings) { cluster in
                try fill(cluster)
                let pids = try Self.behind.map { try cluster.pid(of: $0) }
                for pid in pids { kill(pid, SIGSTOP) }
                defer { for pid in pids { kill(pid, SIGCONT) } }
                try checkAges(cluster)
                for pid in pids { kill(pid, SIGCONT) }
                try wait(for: "a fresh profile again", within: .seconds(20)) {
                    try profile(cluster, "user-0").ageMs < 2000 ? () : nil
                }
            }
        }

        @Test("Everything behind scoring has failed; status says why")
        func failed() throws {
            let settings = Self.configuration("restartsMax: 1, failedRetry: \"1 h\"")
            try ClusterHarness.withCluster(configuration: settings) { cluster in
                try fill(cluster)
                for kind in Self.behind {
                    try wait(for: "\(kind) to fail", within: .seconds(20)) {
                        let role = try #require(
                            cluster.status()?.roles.first { $0.role == kind.rawValue })
                        if role.state == "failed" { return () }
                        if role.pid > 0 { kill(Int32(role.pid), SIGKILL) }
                        return nil
                    }
                }
                let status = try #require(cluster.status())
                #expect(status.state == "degraded")
                for kind in Self.behind {
                    let role = try #require(status.roles.first { $0.role == kind.rawValue })
                    #expect(
                        role.reason.hasPrefix(
                            "ended with SIGKILL; failed too often, tried again every 1 h"),
                        "\(role.reason)")
                }
                let shown = try Programs.run("limn", ["status", "--folder", cluster.folder.path])
                #expect(shown.output.contains("ingest 0: ended with SIGKILL; failed too often"))
                try checkAges(cluster)
            }
        }
    }
}
