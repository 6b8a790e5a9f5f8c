import Events
import Messages
import Runtime
import SQLite
import Storage
import System
import TestSupport
import Testing

extension ClusterTests {
    @Suite("Damaged states are made anew while everybody else goes on")
    struct DamagedStateTests {
        private static let users = (0..<60).map { "user-\($0)" }

        private func path(_ cluster: ClusterHarness, _ partition: Int) -> String {
            SQLitePartitionStore.path(
                folder: cluster.folder.stateFolder, partition: partition)
        }

        /// Different partitions that have users.
        private func partitions(_ count: Int) -> [Int] {
            var found: [Int] = []
            for user in Self.users {
                let partition = Partitions.partition(ofUser: user)
                if !found.contains(partition) { found.append(partition) }
            }
            return Array(found.prefix(count))
        }

        private func change(_ path: String, _ sql: String) throws {
            let database = try Database(path: path)
            try database.execute(sql)
            _ = try database.checkpoint()
        }

        private func zeroHeader(_ path: String) throws {
            let database = try Database(path: path)
            _ = try database.checkpoint()
            let bytes = try Files.read(path)
            for suffix in ["-wal", "-shm"] { try Files.remove(path + suffix) }
            try Files.writeAtomically(
                path, [UInt8](repeating: 0, count: 100) + Array(bytes[100...]))
        }

        private func remove(_ path: String) throws {
            for suffix in ["", "-wal", "-shm"] { try Files.remove(path + suffix) }
        }

        private func counter(
            _ name: String, _ cluster: ClusterHarness, of role: String = "features"
        ) -> Double {
            let roles = cluster.status()?.roles.filter { $0.role == role } ?? []
            return roles.flatMap(\.counters).filter { $0.name == name }
                .reduce(0) { $0 + $1.value }
        }

        private func limn(_ words: [String], _ cluster: ClusterHarness) throws -> Programs.Outcome {
            try Programs.run(
                "limn", words + ["--folder", cluster.folder.path], timeout: .seconds(120))
        }

        @Test("deleted, zeroed, a changed row, a changed version, a changed offset")
        func atRest() throws {
            let cluster = try ClusterHarness()
            try cluster.start()
            var oracle = Oracle()
            var workload = Workload(seed: 21, users: 60)
            let producer = try cluster.producer("shop")
            for _ in 0..<5 { try producer.send(workload.batch(400, into: &oracle)) }
            try producer.flush()
            try cluster.waitApplied(oracle.accepted)
            try cluster.stop()

            let places = partitions(5)
            try remove(path(cluster, places[0]))
            try zeroHeader(path(cluster, places[1]))
            try change(path(cluster, places[2]), "UPDATE users SET state = x'03ffffffffffffffffff'")
            try change(
                path(cluster, places[3]),
                "UPDATE users SET state = x'09' || substr(state, 2), sum = NULL")
            try change(path(cluster, places[4]), "UPDATE meta SET applied = 0")
            let counted = try limn(["users"], cluster)
            #expect(counted.status == .exited(65), "\(counted.output)")
            #expect(counted.output.contains(".sqlite"))
            let verified = try limn(["verify"], cluster)
            #expect(verified.status == .exited(1), "\(verified.output)")

            try cluster.start()
            // Whoever is of a damaged partition sends again, and so does everybody else.
            let again = try cluster.producer("shop", epoch: 2)
            try again.send(workload.batch(400, into: &oracle))
            try again.flush()
            try wait(for: "five partitions made anew", within: .seconds(60)) {
                counter("partitions_rebuilt", cluster) >= 5 ? () : nil
            }
            try wait(for: "profiles of everybody", within: .seconds(60)) {
                try cluster.differences(from: oracle, users: Self.users).isEmpty ? () : nil
            }
            let roles = try #require(cluster.status()).roles.filter { $0.role == "features" }
            #expect(roles.allSatisfy { $0.restarts == 0 })
            let log = try Files.readText(cluster.output, bytesMax: 16 << 20)
            let said = log.split(separator: "\n").filter { $0.contains("damaged or lost") }
            #expect(said.count <= 2 * places.count, "\(said.joined(separator: "\n"))")
            try cluster.stop()
            let sound = try limn(["verify", "--deep"], cluster)
            #expect(sound.status == .exited(0), "\(sound.output)")
            let kept = try Files.list("\(cluster.folder.stateFolder)/damaged")
            #expect(
                Set(kept.compactMap { Int($0.prefix { $0 != "-" }) }) == Set(places.dropFirst()))
        }

        @Test("a row that is damaged while its worker runs")
        func beneath() throws {
            let cluster = try ClusterHarness()
            try cluster.start()
            var oracle = Oracle()
            var workload = Workload(seed: 22, users: 60)
            let producer = try cluster.producer("shop")
            try producer.send(workload.batch(400, into: &oracle))
            try producer.flush()
            try cluster.waitApplied(oracle.accepted)
            let place = partitions(1)[0]
            // So that nobody has the users in memory.
            _ = try limn(["restart", "features"], cluster)
            try cluster.waitReady()
            try wait(for: "a damaged row", within: .seconds(20)) {
                try? change(path(cluster, place), "UPDATE users SET state = substr(state, 1, 9)")
            }
            try producer.send(workload.batch(400, into: &oracle))
            try producer.flush()
            try wait(for: "a partition made anew", within: .seconds(60)) {
                counter("partitions_rebuilt", cluster) >= 1 ? () : nil
            }
            try wait(for: "profiles of everybody", within: .seconds(60)) {
                try cluster.differences(from: oracle, users: Self.users).isEmpty ? () : nil
            }
            try cluster.stop()
            #expect(try limn(["verify", "--deep"], cluster).status == .exited(0))
        }

        @Test(
            "audiences: after a restart nobody is published as having left", .timeLimit(.minutes(3))
        )
        func audiences() throws {
            let cluster = try ClusterHarness(
                configuration: """
                    {
                      ingest: {listen: ""}, scoring: {listen: ""},
                      trainer: {onStart: false, every: "0"},
                      supervisor: {backoffFirst: "20 ms", restartsMax: 1000, http: ""},
                      tags: {seen: "stats.events_life > 0"},
                    }
                    """)
            try cluster.start()
            var oracle = Oracle()
            var workload = Workload(seed: 23, users: 60)
            let producer = try cluster.producer("shop")
            for _ in 0..<3 { try producer.send(workload.batch(400, into: &oracle)) }
            try producer.flush()
            try cluster.waitApplied(oracle.accepted)
            let all = try members(cluster) { $0.users == 60 }
            #expect(all.users == 60)
            try cluster.stop()
            let places = partitions(3)
            try zeroHeader(path(cluster, places[0]))
            try remove(path(cluster, places[1]))
            try change(
                path(cluster, places[2]), "UPDATE users SET state = x'03' || substr(state, 9)")
            try cluster.start()
            #expect(try members(cluster) { $0.isComplete }.users == 60)
            #expect(counter("partitions_rebuilt", cluster) >= 3)
            // What this trainer has published since its start: neither leaves nor joins.
            #expect(counter("audience_moves", cluster, of: "trainer") == 0)
            try cluster.stop()
        }

        /// The audience as the trainer has it, once it is as wanted.
        private func members(
            _ cluster: ClusterHarness, until isWanted: ((users: Int, isComplete: Bool)) -> Bool
        ) throws -> (users: Int, isComplete: Bool) {
            try wait(for: "the audience", within: .seconds(60)) {
                let text = try limn(["audience", "seen", "--members", "--json"], cluster).output
                let users = text.components(after: "\"users\":").flatMap {
                    Int($0.prefix { $0.isNumber })
                }
                let found = (users ?? 0, text.contains("\"complete\":true"))
                return isWanted(found) ? found : nil
            }
        }
    }
}

extension String {
    /// What follows the first occurrence of a text.
    fileprivate func components(after text: String) -> Substring? {
        guard let range = firstRange(of: text) else { return nil }
        return self[range.upperBound...]
    }
}
