import Archive
import Audiences
import Events
import Expressions
import Features
import LiveAudiences
import Runtime
import SQLite
import Storage
import System
import TestSupport
import Testing

@Suite("One wrong clock moves nobody else")
struct WrongClockTests {
    /// Who looked within the last hour or the one before.
    private static let tag = TagDefinition("busy", condition: "stats.views_1h >= 1")

    /// The moves until everybody was read.
    private func moves(_ live: LiveAudiences) throws -> [String] {
        var moves: [String] = []
        try wait(for: "the first reading", within: .seconds(10)) { () -> Void? in
            moves += try live.step(until: Clock.monotonic() + .milliseconds(50)).map {
                ($0.hasJoined ? "+" : "-") + $0.userID
            }
            return live.isComplete ? () : nil
        }
        return moves
    }

    @Test("an event nearly a day ahead, or years behind, makes nobody leave an audience")
    func audience() throws {
        let shop = try Shop()
        for number in 0..<150 { try shop.look(1, by: "u\(number)", received: true) }
        let live = LiveAudiences(shop.folder, try Shop.portrait([Self.tag]))
        #expect(try moves(live).count == 150)
        try shop.look(1, by: "ahead", hoursLater: 23, received: true)
        try shop.look(1, by: "behind", hoursLater: -50_000, received: true)
        live.missed(at: Clock.monotonic() - .seconds(60))
        var later: [String] = []
        try wait(for: "everybody to be read again", within: .seconds(20)) { () -> Void? in
            later += try live.step(until: Clock.monotonic() + .milliseconds(50)).map {
                ($0.hasJoined ? "+" : "-") + $0.userID
            }
            let isTold = live.nowMs >= Shop.startMs + RecordLimits.nowAheadMsMax
            return isTold && live.index.count == 152 ? () : nil
        }
        // Whoever would leave by that does so when windows are told again, in a circle over all.
        for _ in 0..<20 {
            later += try live.step(until: Clock.monotonic() + .milliseconds(50)).map {
                ($0.hasJoined ? "+" : "-") + $0.userID
            }
        }
        #expect(later == [])
        #expect(live.nowMs == Shop.startMs + RecordLimits.nowAheadMsMax)
        // Its time comes.
        try shop.look(1, by: "u0", hoursLater: 23)
        try wait(for: "the time to come", within: .seconds(20)) { () -> Void? in
            later += try live.step(until: Clock.monotonic() + .milliseconds(50)).map {
                ($0.hasJoined ? "+" : "-") + $0.userID
            }
            return later.contains("+ahead") && later.count >= 150 ? () : nil
        }
        #expect(later.filter { $0.hasPrefix("-") }.count == 149)
    }

    @Test("a store of the version before has the time of its states, until it is written to")
    func migration() throws {
        let shop = try Shop()
        try shop.look(3, by: "u", hoursLater: 5)
        let partition = Partitions.partition(ofUser: "u")
        let path = SQLitePartitionStore.path(
            folder: shop.folder.stateFolder, partition: partition)
        try Database(path: path).execute("UPDATE meta SET totals = x''")
        let timeMs = Shop.startMs + 5 * 3_600_000 + 3
        func store() throws -> SQLitePartitionStore {
            try SQLitePartitionStore(folder: shop.folder.stateFolder, partition: partition)
        }
        #expect(try store().newestMs() == timeMs)
        // A late event does not turn it back.
        try shop.look(1, by: "u")
        #expect(FoldTotals(decoding: try store().totals()) == FoldTotals(newestMs: timeMs))
    }
}
