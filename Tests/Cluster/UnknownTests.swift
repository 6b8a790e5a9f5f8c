import Glibc
import Messages
import Runtime
import System
import TestSupport
import Testing

extension ClusterTests {
    @Suite("Only the owner of a user says that nobody knows them")
    struct UnknownTests {
        private static let configuration = """
            {
              features: {workers: 2},
              ingest: {listen: ""}, scoring: {listen: ""},
              trainer: {onStart: false, every: "0"},
              supervisor: {http: "", silentMax: "1 h", stuckMax: "1 h"},
            }
            """
        private static let users = 300
        private static let questions = 3000
        private static let inFlight = 400

        /// Returns once the process has really stopped.
        private func freeze(_ pid: Int32) throws {
            kill(pid, SIGSTOP)
            try wait(for: "process \(pid) to stop", within: .seconds(10)) {
                let line = try Files.readText("/proc/\(pid)/stat", bytesMax: 1 << 16)
                return line.contains(") T ") ? () : nil
            }
        }

        /// What came back, by kind of answer or name of the refusal.
        private struct Tally: CustomStringConvertible {
            var byName: [String: Int] = [:]
            /// Refusals that do not say when to come again.
            var withoutPause = 0
            subscript(name: String) -> Int { byName[name, default: 0] }
            var total: Int { byName.values.reduce(0, +) }
            var description: String {
                byName.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
                    .joined(separator: ", ")
            }
            mutating func add(_ name: String) { byName[name, default: 0] += 1 }
        }

        private func fill(_ cluster: ClusterHarness) throws {
            let producer = try cluster.producer("unknown")
            let now = Clock.wallMs()
            var records: [Record] = []
            for number in 0..<Self.users {
                var event = Event()
                event.eventID = "e\(number)"
                event.userID = "user-\(number)"
                event.type = .purchase
                event.itemID = "item-\(number % 20)"
                event.timeMs = now
                event.price = 1
                var record = Record()
                record.content = .event(event)
                records.append(record)
            }
            try producer.send(records)
            try producer.flush()
            let client = try cluster.client(cluster.endpoints.scoring(0), as: .client)
            var request = ProfileRequest()
            request.userID = "user-0"
            try wait(for: "a known user", within: .seconds(20)) {
                let found = try? client.ask(
                    .profileRequest, request, as: Profile.self, timeout: .seconds(3))
                return found?.known == true ? () : nil
            }
        }

        /// Asks for the profiles of users, all at once, and takes what comes within a while.
        private func profiles(
            _ client: RequestClient, of users: Range<Int>, times: Int, timeoutMs: UInt32,
            within limit: Duration
        ) throws -> Tally {
            var tally = Tally()
            for number in 0..<users.count * times {
                var request = ProfileRequest()
                request.userID = "user-\(users.lowerBound + number % users.count)"
                _ = try client.send(.profileRequest, request, timeoutMs: timeoutMs)
            }
            let deadline = Clock.monotonic() + limit
            while tally.total < users.count * times,
                let answer = try client.receive(timeout: deadline - Clock.monotonic())
            { try note(answer, &tally) }
            return tally
        }

        @Test("1,200 questions without end about a frozen worker's users cost the others nothing")
        func crowded() throws {
            try ClusterHarness.withCluster(configuration: Self.configuration) { cluster in
                try fill(cluster)
                let workers = try #require(cluster.status()).roles
                    .filter { $0.role == RoleKind.features.rawValue }.map { Int32($0.pid) }
                try #require(workers.count == 2)
                try freeze(workers[0])
                defer { kill(workers[0], SIGCONT) }
                let scoring = cluster.endpoints.scoring(0)
                let crowd = try cluster.client(scoring, as: .client)
                let first = try profiles(
                    crowd, of: 1..<151, times: 8, timeoutMs: .max, within: .milliseconds(500))
                let other = try cluster.client(scoring, as: .operator)
                let second = try profiles(
                    other, of: 151..<300, times: 1, timeoutMs: 500, within: .seconds(10))
                print("the crowd: \(first); another key: \(second)")
                #expect(first["overloaded"] > 0 && first["not known"] == 0, "\(first)")
                #expect(first.withoutPause == 0 && second.withoutPause == 0)
                #expect(second.total == 149 && second["not known"] == 0, "\(second)")
                #expect(second["known"] >= 30, "users of the other worker: \(second)")
                kill(workers[0], SIGCONT)
                try thawed(cluster, other)
            }
        }

        /// Asks about known users in turns, each fourth time for something else.
        private func storm(
            _ client: RequestClient, from first: Int, timeoutMs: UInt32
        ) throws -> Tally {
            var tally = Tally()
            var open = 0
            func take(_ wait: Duration) throws -> Bool {
                guard let answer = try client.receive(timeout: wait) else { return false }
                open -= 1
                try note(answer, &tally)
                return true
            }
            for number in 0..<Self.questions {
                while open >= Self.inFlight { #expect(try take(.seconds(30))) }
                // Never asked for before the freeze, so nothing is held of them.
                let user = "user-\(first + number % (Self.users - first))"
                switch number % 4 {
                case 1:
                    var request = RecommendRequest()
                    request.userID = user
                    _ = try client.send(.recommendRequest, request, timeoutMs: timeoutMs)
                case 2:
                    var request = ScoreRequest()
                    request.userID = user
                    request.itemIDs = ["item-1"]
                    _ = try client.send(.scoreRequest, request, timeoutMs: timeoutMs)
                default:
                    var request = ProfileRequest()
                    request.userID = user
                    _ = try client.send(.profileRequest, request, timeoutMs: timeoutMs)
                }
                open += 1
            }
            while open > 0, try take(.seconds(30)) {}
            return tally
        }

        private func note(_ answer: Answer, _ tally: inout Tally) throws {
            switch answer.header.kind {
            case .profile:
                tally.add(try answer.decode(as: Profile.self).known ? "known" : "not known")
            case .recommendations: tally.add("recommendations")
            case .scores: tally.add("scores")
            default:
                guard case .refused(let code, _, let pause) = answer.refusal else { return }
                tally.add(code.name)
                if pause == 0 { tally.withoutPause += 1 }
            }
        }

        @Test("3,000 questions about known users while their worker is frozen")
        func frozen() throws {
            try ClusterHarness.withCluster(configuration: Self.configuration) { cluster in
                try fill(cluster)
                let client = try cluster.client(cluster.endpoints.scoring(0), as: .client)
                let frozen = try #require(cluster.status()).roles
                    .filter { $0.role == RoleKind.features.rawValue }.map { Int32($0.pid) }
                for pid in frozen { try freeze(pid) }
                defer { for pid in frozen { kill(pid, SIGCONT) } }
                let tally = try storm(client, from: 1, timeoutMs: 400)
                print("while frozen: \(tally)")
                #expect(tally.total == Self.questions, "\(tally)")
                #expect(tally["not known"] == 0, "\(tally)")
                #expect(tally["recommendations"] == 0 && tally["scores"] == 0, "\(tally)")
                #expect(tally["unavailable"] + tally["overloaded"] == Self.questions, "\(tally)")
                #expect(tally.withoutPause == 0, "\(tally)")
                for pid in frozen { kill(pid, SIGCONT) }
                try thawed(cluster, client)
            }
        }

        /// Everybody is known again, and who is not is said to be so.
        private func thawed(_ cluster: ClusterHarness, _ client: RequestClient) throws {
            for user in ["user-0", "user-7", "user-\(Self.users - 1)", "nobody"] {
                var request = ProfileRequest()
                request.userID = user
                let found = try wait(for: "an answer about \(user)", within: .seconds(20)) {
                    try? client.ask(
                        .profileRequest, request, as: Profile.self, timeout: .seconds(2))
                }
                #expect(found.known == (user != "nobody"), "\(user)")
            }
        }
    }
}
