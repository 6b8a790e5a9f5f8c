import Audiences
import Events
import LiveAudiences
import Portrait
import Runtime
import Storage
import System
import TestSupport
import Testing

@Suite("States that cannot be read are no news")
struct UnreadableTests {
    private static let users = (0..<30).map { "user-\($0)" }

    private func made() throws -> (Shop, partition: Int) {
        let shop = try Shop()
        for user in Self.users { try shop.look(3, by: user) }
        return (shop, Partitions.partition(ofUser: Self.users[7]))
    }

    private func steps(_ live: LiveAudiences, until isDone: () -> Bool) throws -> [String] {
        var moves: [String] = []
        try wait(for: "the reading", within: .seconds(20)) { () -> Void? in
            moves += try live.step(until: Clock.monotonic() + .milliseconds(50)).map {
                ($0.hasJoined ? "+" : "-") + $0.userID
            }
            return isDone() ? () : nil
        }
        return moves.sorted()
    }

    private func path(_ shop: Shop, _ partition: Int) -> String {
        SQLitePartitionStore.path(folder: shop.folder.stateFolder, partition: partition)
    }

    /// Zeroes the header or takes the file away; returns what puts it back.
    private func damage(
        _ shop: Shop, _ partition: Int, isDeleted: Bool
    ) throws -> () throws -> Void {
        let path = path(shop, partition)
        try SQLitePartitionStore.scratch(path: path, partition: partition).settle()
        for suffix in ["-wal", "-shm"] { try Files.remove(path + suffix) }
        let good = try Files.read(path)
        if isDeleted {
            try Files.remove(path)
        } else {
            try Files.writeAtomically(
                path, [UInt8](repeating: 0, count: 100) + Array(good[100...]))
        }
        return {
            for suffix in ["-wal", "-shm"] { try Files.remove(path + suffix) }
            try Files.writeAtomically(path, good)
        }
    }

    @Test("after a restart nobody is said to have left", arguments: [false, true])
    func restart(isDeleted: Bool) throws {
        let (shop, partition) = try made()
        let book = try SQLiteMemberships(path: shop.folder.audiencesFile, tags: ["busy"])
        let first = LiveAudiences(shop.folder, try Shop.portrait(), since: book)
        _ = try steps(first) { first.isComplete }
        try book.note(
            joined: Self.users.map { .init(tag: "busy", userID: $0) }, left: [],
            asOfMs: first.nowMs)
        try book.noteWhole()

        let restore = try damage(shop, partition, isDeleted: isDeleted)
        let again = try SQLiteMemberships(path: shop.folder.audiencesFile, tags: ["busy"])
        let live = LiveAudiences(shop.folder, try Shop.portrait(), since: again)
        let start = Clock.monotonic()
        #expect(try steps(live) { Clock.monotonic() - start > .seconds(2) } == [])
        #expect(!live.isComplete && !live.hasReadAll)
        #expect(Array(live.unreadable.keys) == [partition])
        #expect(Set(shop.members(of: live)) == Set(Self.users))
        try restore()
        #expect(try steps(live) { live.isComplete } == [])
        #expect(Set(shop.members(of: live)) == Set(Self.users))
    }

    @Test("while it is followed a partition may be damaged and made anew")
    func followed() throws {
        let (shop, partition) = try made()
        let live = LiveAudiences(shop.folder, try Shop.portrait())
        _ = try steps(live) { live.isComplete }
        let restore = try damage(shop, partition, isDeleted: false)
        live.missed(at: Clock.monotonic() - .seconds(10))
        #expect(try steps(live) { !live.isComplete } == [])
        #expect(Set(shop.members(of: live)) == Set(Self.users))
        try restore()
        #expect(try steps(live) { live.isComplete } == [])
        try shop.look(3, by: "newcomer")
        live.missed(at: Clock.monotonic() - .seconds(10))
        #expect(try steps(live) { shop.members(of: live).contains("newcomer") } == ["+newcomer"])
    }
}
