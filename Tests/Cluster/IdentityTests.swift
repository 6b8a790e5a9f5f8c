import Messages
import Runtime
import System
import TestSupport
import Testing

extension ClusterTests {
    @Suite("Identifiers become persons and part again, whatever is killed")
    struct IdentityTests {
        private static let kills = 4
        private static let pairs = 100
        private static let batches = 120
        private static let seed =
            Environment.variable("LIMN_SEED").flatMap { UInt64($0) }
            ?? UInt64(bitPattern: Clock.wallMs())

        private func link(_ pair: Int, undo: Bool = false) -> Record {
            var link = Link()
            link.userID = "user-\(2 * pair)"
            link.otherID = "user-\(2 * pair + 1)"
            link.undo = undo
            link.timeMs = 1_700_000_000_000 + Int64(pair)
            link.source = "test"
            var record = Record()
            record.content = .link(link)
            return record
        }

        /// Links of every pair come while events do and roles are killed; those of odd pairs are
        /// undone, all of them are sent twice. In the end an even pair has the events of both, an
        /// odd one each its own, by a naive count.
        @Test("Linked and parted under load and kill -9")
        func underFire() throws {
            let again = "again with: LIMN_SEED=\(Self.seed) swift test --filter underFire"
            print("seed \(Self.seed); \(again)")
            try ClusterHarness.withCluster { cluster in
                var workload = Workload(seed: Self.seed)
                var alone = Oracle()
                var persons = Oracle()
                let nemesis = Nemesis()
                defer { nemesis.abandon() }
                nemesis.start(cluster.folder, seed: Self.seed, kills: Self.kills)
                let producer = try cluster.producer("identity")
                for number in 0..<Self.batches {
                    if number % (Self.batches / Self.kills) == 0 {
                        nemesis.release(1 + number / (Self.batches / Self.kills))
                    }
                    var records: [Record] = []
                    for _ in 0..<200 {
                        var (event, isGood) = workload.next()
                        var record = Record()
                        record.content = .event(event)
                        records.append(record)
                        if isGood { alone.take(event) } else { alone.refuse() }
                        event.userID = Self.person(event.userID)
                        if isGood { persons.take(event) } else { persons.refuse() }
                    }
                    if number < 100 { records.append(link(number)) }
                    if number % 2 == 1, number < 100 { records.append(link(number)) }
                    if number >= 20, number % 2 == 1 {
                        records.append(link(number - 20, undo: true))
                    }
                    try producer.send(records)
                }
                try producer.flush()
                try wait(for: "the last kill", within: .seconds(60)) { nemesis.isDone ? () : nil }
                try #require(nemesis.failure == nil, "\(nemesis.failure ?? "")")
                try cluster.waitReady()
                try cluster.waitApplied(alone.accepted)
                try check(cluster, alone, persons, again)
                // Links change no state: digests are those of a replay from the log.
                let verified = try Programs.run(
                    "limn", ["verify", "--workers", "3", "--folder", cluster.folder.path],
                    timeout: .seconds(60))
                #expect(verified.status == .exited(0), "\(verified.output) \(again)")
                #expect(verified.output.contains("all equal"), "\(verified.output)")
            }
        }

        /// Who an identifier is in the end.
        private static func person(_ id: String) -> String {
            guard let number = Int(id.dropFirst(5)), number < 2 * pairs, (number / 2) % 2 == 0
            else { return id }
            return "user-\(number / 2 * 2)"
        }

        /// As `Oracle.differences`, with money added in another order.
        private static func differences(_ oracle: Oracle, _ profile: Profile) -> [String] {
            let found = Dictionary(
                profile.statistics.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
            return oracle.expected(profile.userID).compactMap { name, value in
                let told = found[name] ?? 0
                return abs(told - value) <= 1e-9 * abs(value)
                    ? nil : "\(profile.userID) \(name): \(told), should be \(value)"
            }
        }

        private func check(
            _ cluster: ClusterHarness, _ alone: Oracle, _ persons: Oracle, _ again: String
        ) throws {
            let client = try cluster.client(cluster.endpoints.scoring(0), as: .client)
            // Scoring may still be reading the newest links.
            try wait(for: "every link known", within: .seconds(20)) { () -> Void? in
                let last = try cluster.profile("user-\(2 * Self.pairs - 4)", by: client)
                let undone = try cluster.profile("user-\(2 * Self.pairs - 2)", by: client)
                return last.identities.count == 2 && undone.identities.isEmpty ? () : nil
            }
            for pair in 0..<Self.pairs {
                let isOne = pair % 2 == 0
                for id in ["user-\(2 * pair)", "user-\(2 * pair + 1)"] {
                    let profile = try cluster.profile(id, by: client)
                    #expect(profile.userID == (isOne ? "user-\(2 * pair)" : id), "\(again)")
                    #expect(profile.identities.count == (isOne ? 2 : 0), "\(again)")
                    let wrong = Self.differences(isOne ? persons : alone, profile)
                    #expect(wrong.isEmpty, "\(wrong) \(again)")
                    // The checker must be able to fail: one side alone is not the person.
                    if isOne { #expect(!alone.differences(profile).isEmpty) }
                }
            }
        }
    }
}
