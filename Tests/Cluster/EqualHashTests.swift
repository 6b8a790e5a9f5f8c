import Messages
import Runtime
import Storage
import System
import TestSupport
import Testing

extension ClusterTests {
    /// Visitors choose their own ids. Before tables had a key, 20,000 events of ids with one hash
    /// killed the worker twice and put an innocent record into quarantine.
    @Suite("Ids of one hash harm nobody", .timeLimit(.minutes(5)))
    struct EqualHashTests {
        private static let visitors = 20_000
        private static let batch = 500

        private func event(_ id: String) -> Record {
            var event = Event()
            event.eventID = id
            event.userID = id
            event.type = .view
            event.itemID = "item-1"
            event.timeMs = Clock.wallMs()
            var record = Record()
            record.content = .event(event)
            return record
        }

        private func deaths(_ cluster: ClusterHarness) throws -> UInt32 {
            try #require(cluster.status()).roles.reduce(0) { $0 + $1.restarts }
        }

        @Test("an attacker's 20,000 beside an honest producer: no death, all counted, verified")
        func beside() throws {
            let cluster = try ClusterHarness()
            try cluster.start()
            let traffic = EventTraffic()
            try traffic.start(cluster, seed: 21, eventsMax: 20_000, batch: 40)
            var maker = EqualHashes(seed: 5)
            let ids = maker.next(Self.visitors)
            let attacker = try cluster.producer("attacker")
            for start in stride(from: 0, to: ids.count, by: Self.batch) {
                try attacker.send(ids[start..<start + Self.batch].map(event))
            }
            try attacker.flush()
            #expect(attacker.totals.accepted == UInt64(Self.visitors))
            let honest = try traffic.end()
            #expect(honest.failure == nil)
            #expect(honest.totals?.accepted == UInt64(honest.oracle.accepted))
            try cluster.waitApplied(honest.oracle.accepted + Self.visitors)
            #expect(try deaths(cluster) == 0)
            let users = (0..<60).map { "user-\($0)" }
            #expect(try cluster.differences(from: honest.oracle, users: users) == [])
            let scoring = try cluster.client(cluster.endpoints.scoring(0), as: .client)
            for id in [ids[0], ids[9999], ids[19_999]] {
                let profile = try cluster.profile(id, by: scoring)
                #expect(profile.known)
            }
            try cluster.stop()
            #expect(try Quarantine(folder: cluster.folder.logFolder).records.isEmpty)
            let verified = try Programs.run(
                "limn", ["verify", "--folder", cluster.folder.path], timeout: .seconds(120))
            #expect(verified.status == .exited(0), "\(verified.output)")
        }
    }
}
