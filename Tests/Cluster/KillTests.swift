import Glibc
import Messages
import Randomness
import Runtime
import System
import TestSupport
import Testing

extension ClusterTests {
    @Suite("Whatever is killed, nothing acknowledged is missing and nothing counts twice")
    struct KillTests {
        static let kills = 10
        static let batches = 440
        static let batchSize = 500

        /// A failing seed is tried again with LIMN_SEED.
        static let seed =
            Environment.variable("LIMN_SEED").flatMap { UInt64($0) }
            ?? UInt64(bitPattern: Clock.wallMs())

        @Test("Ten random kills during an import")
        func tenKills() throws {
            let again = "again with: LIMN_SEED=\(Self.seed) swift test --filter tenKills"
            print("seed \(Self.seed); \(again)")
            try ClusterHarness.withCluster { cluster in
                var oracle = Oracle()
                var workload = Workload(seed: Self.seed)
                let nemesis = Nemesis()
                defer { nemesis.abandon() }
                nemesis.start(cluster.folder, seed: Self.seed, kills: Self.kills)
                let totals = try importUnderFire(cluster, &workload, &oracle, nemesis)
                report(nemesis.kills, totals)
                #expect(totals.records == UInt64(workload.made))
                #expect(totals.accepted + totals.duplicates == UInt64(oracle.accepted), "\(again)")
                #expect(totals.rejected == UInt64(oracle.rejected), "\(again)")
                try check(cluster, oracle, workload, again)
                let restarts = try #require(cluster.status()).roles.reduce(0) { $0 + $1.restarts }
                #expect(restarts >= Self.kills)
            }
        }

        private func importUnderFire(
            _ cluster: ClusterHarness, _ workload: inout Workload, _ oracle: inout Oracle,
            _ nemesis: Nemesis
        ) throws -> ProducerTotals {
            let producer = try cluster.producer("under-fire")
            let perKill = Self.batches / (Self.kills + 1)
            for number in 0..<Self.batches {
                let wave = number / perKill
                if number % perKill == 0 && wave > 0 && wave <= Self.kills {
                    // Not more than one wave ahead, or all kills would come at the end.
                    try wait(for: "kill \(wave - 1)", within: .seconds(30)) {
                        nemesis.kills.count >= wave - 1 || nemesis.isDone ? () : nil
                    }
                    nemesis.release(wave)
                }
                try producer.send(workload.batch(Self.batchSize, into: &oracle))
            }
            // The last kill may still be healing: it meets the end of the import.
            try producer.flush()
            try wait(for: "the last kill", within: .seconds(30)) { nemesis.isDone ? () : nil }
            try #require(nemesis.failure == nil, "\(nemesis.failure ?? "")")
            try #require(nemesis.kills.count == Self.kills)
            return producer.totals
        }

        private func report(_ kills: [Nemesis.Kill], _ totals: ProducerTotals) {
            let times = kills.map { $0.healed.milliseconds }.sorted()
            let names = kills.map { "\($0.kind) \($0.healed.milliseconds)" }
            print("killed, and ms until whole: \(names.joined(separator: ", "))")
            print("healed in p50 \(times[times.count / 2]) ms, max \(times.last ?? 0) ms")
            print("\(totals)")
        }

        private func check(
            _ cluster: ClusterHarness, _ oracle: Oracle, _ workload: Workload, _ again: String
        ) throws {
            let log = try cluster.readLog(eventsMax: workload.made)
            #expect(log.records == oracle.accepted, "\(again)")
            #expect(log.distinct == oracle.accepted && log.repeated.isEmpty, "\(again)")
            #expect(log.gaps.isEmpty)
            try cluster.waitApplied(log.records)
            var dice = SplitMix64(seed: Self.seed &+ 1)
            let users = (0..<400).map { _ in "user-\(dice.below(workload.users))" }
            let wrong = try cluster.differences(from: oracle, users: users)
            #expect(wrong.isEmpty, "\(wrong.prefix(10)) \(again)")
            // The checker must be able to fail: with one event forgotten it has to complain.
            var forgetful = oracle
            forgetful.drop(.view, of: users[0])
            let found = try cluster.differences(from: forgetful, users: [users[0]])
            #expect(found.count == 2, "one event too many shows in events_life and views_life")
        }

        @Test("A stopped and continued feature worker loses nothing")
        func frozenWorker() throws {
            try ClusterHarness.withCluster { cluster in
                var oracle = Oracle()
                var workload = Workload(seed: Self.seed, users: 50)
                let producer = try cluster.producer("frozen")
                try producer.send(workload.batch(500, into: &oracle))
                let worker = try cluster.pid(of: .features)
                kill(worker, SIGSTOP)
                for _ in 0..<40 { try producer.send(workload.batch(500, into: &oracle)) }
                try producer.flush()
                kill(worker, SIGCONT)
                try cluster.waitApplied(oracle.accepted)
                let users = (0..<workload.users).map { "user-\($0)" }
                #expect(try cluster.differences(from: oracle, users: users) == [])
                #expect(try cluster.pid(of: .features) == worker, "no restart was needed")
            }
        }
    }
}
