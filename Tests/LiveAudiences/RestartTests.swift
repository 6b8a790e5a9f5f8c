import Audiences
import Events
import Expressions
import LiveAudiences
import Portrait
import Runtime
import Storage
import System
import TestSupport
import Testing

@Suite("What happened to audiences while nobody kept them is told afterwards")
struct RestartTests {
    private func told(_ shop: Shop) throws -> SQLiteMemberships {
        try SQLiteMemberships(path: shop.folder.audiencesFile, tags: ["busy"])
    }

    /// The moves until everybody was read.
    private func moves(_ live: LiveAudiences) throws -> [String] {
        var moves: [String] = []
        try wait(for: "the first reading", within: .seconds(10)) { () -> Void? in
            moves += try live.step(until: Clock.monotonic() + .milliseconds(50)).map {
                ($0.hasJoined ? "+" : "-") + $0.userID
            }
            return live.isComplete ? () : nil
        }
        return moves.sorted()
    }

    @Test("joins, leaves, users who are others now, and those who are no more")
    func restart() throws {
        let shop = try Shop()
        for user in ["stays", "linked", "first"] { try shop.look(3, by: user) }
        do {
            let book = try told(shop)
            let live = LiveAudiences(shop.folder, try Shop.portrait(), since: book)
            #expect(try moves(live) == ["+first", "+linked", "+stays"])
            let members = ["first", "linked", "stays", "gone"].map {
                SQLiteMemberships.Member(tag: "busy", userID: $0)
            }
            try book.note(joined: members, left: [], asOfMs: 7)
            try book.noteWhole()
        }
        try shop.look(3, by: "comes")
        try shop.link("first", "linked")
        let book = try told(shop)
        let live = LiveAudiences(shop.folder, try Shop.portrait(), since: book)
        #expect(try moves(live) == ["+comes", "-gone", "-linked"])
        #expect(Set(shop.members(of: live)) == ["first", "stays", "comes"])
        #expect(live.index.count == 3)
    }

    @Test("what time alone has brought is no news again, whoever is read first")
    func time() throws {
        let shop = try Shop()
        // Whoever is read first is read before it is known how late it is.
        for number in 0..<6 { try shop.look(1, by: "old\(number)") }
        let last = (0..<99).map { "late\($0)" }.max {
            Partitions.partition(ofUser: $0) < Partitions.partition(ofUser: $1)
        }
        try shop.look(1, by: try #require(last), hoursLater: 1000)
        let tags = ["gone"]
        func portrait() throws -> Portrait {
            try Shop.portrait([TagDefinition("gone", condition: "now - last_seen > 30d")])
        }
        let all = (0..<6).map { "+old\($0)" }
        do {
            let book = try SQLiteMemberships(path: shop.folder.audiencesFile, tags: tags)
            let live = LiveAudiences(shop.folder, try portrait(), since: book)
            #expect(Set(try moves(live)) == Set(all))
            let members = all.map {
                SQLiteMemberships.Member(tag: "gone", userID: String($0.dropFirst()))
            }
            try book.note(joined: members, left: [], asOfMs: live.nowMs)
            try book.noteWhole()
        }
        let book = try SQLiteMemberships(path: shop.folder.audiencesFile, tags: tags)
        let live = LiveAudiences(shop.folder, try portrait(), since: book)
        #expect(try moves(live) == [])
    }

    @Test("what was never told whole is forgotten, as are tags that are no more")
    func unfinished() throws {
        let shop = try Shop()
        let one = SQLiteMemberships.Member(tag: "busy", userID: "u")
        do {
            let book = try told(shop)
            #expect(book.whole.isEmpty)
            try book.note(joined: [one], left: [], asOfMs: 7)
            #expect(try book.read(after: nil, limit: 9) == [one])
        }
        do {
            let book = try told(shop)
            #expect(try book.read(after: nil, limit: 9).isEmpty, "the first reading was cut off")
            let many = (0..<25).map { SQLiteMemberships.Member(tag: "busy", userID: "u\($0)") }
            try book.note(joined: many + [one], left: [], asOfMs: 7)
            try book.note(joined: [], left: [one, one], asOfMs: 8)
            try book.noteWhole()
            #expect(book.whole == ["busy"])
            #expect(try told(shop).asOfMs == 8)
            var found: [SQLiteMemberships.Member] = []
            while case let page = try book.read(after: found.last, limit: 10), !page.isEmpty {
                found += page
            }
            #expect(Set(found.map(\.userID)) == Set(many.map(\.userID)) && found.count == 25)
        }
        let other = try SQLiteMemberships(path: shop.folder.audiencesFile, tags: ["vip"])
        #expect(try other.whole.isEmpty && other.read(after: nil, limit: 9).isEmpty)
        let again = try told(shop)
        #expect(again.whole.isEmpty, "declared anew is new")
    }
}
