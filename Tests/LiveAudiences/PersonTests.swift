import Archive
import Audiences
import Events
import Expressions
import LiveAudiences
import Messages
import Numerics
import Portrait
import Profiles
import Risk
import Runtime
import Segments
import Storage
import System
import TestSupport
import Testing

@Suite("Audiences count persons, whoever is linked and parted meanwhile")
struct PersonTests {
    @Test(
        "members, and the moves towards them, are those of a naive count",
        arguments: 1...3 as ClosedRange<UInt64>)
    func follows(seed: UInt64) throws {
        let world = try Shop()
        var random = SeededRandom(seed: seed)
        try world.look(3, by: "u0")
        try world.link("u0", "named only")
        let live = LiveAudiences(world.folder, try Shop.portrait())
        try wait(for: "the first reading", within: .seconds(10)) { () -> Void? in
            _ = try live.step(until: Clock.monotonic() + .milliseconds(50))
            return live.isComplete ? () : nil
        }
        var told = Set(world.members(of: live))
        #expect(told == world.busy && told == ["u0"], "\(told)")
        for round in 0..<14 {
            let one = "u\(Int.random(in: 0..<8, using: &random))"
            let other = "u\(Int.random(in: 0..<8, using: &random))"
            switch round % 7 {
            case 0, 2:
                try world.look(Int.random(in: 1...3, using: &random), by: one)
                // Every state is read again, as after announcements that were not heard.
                live.portrait = try Shop.portrait()
            case 5: try world.link(one, "", undo: true)
            case 6: try world.link(world.links.first?.known ?? one, other, undo: true)
            default: try world.link(one, other)
            }
            let wanted = world.busy
            var last: Set<String> = []
            do {
                try wait(for: "round \(round)", within: .seconds(10)) { () -> Void? in
                    for move in try live.step(until: Clock.monotonic() + .milliseconds(20)) {
                        if move.hasJoined {
                            #expect(told.insert(move.userID).inserted, "\(move) seed \(seed)")
                        } else {
                            #expect(told.remove(move.userID) != nil, "\(move) seed \(seed)")
                        }
                    }
                    last = Set(world.members(of: live))
                    return last == wanted && live.pendingCount == 0 && live.hasLinks(world)
                        ? () : nil
                }
            } catch {
                Issue.record("round \(round), seed \(seed): \(last), should be \(wanted)")
                return
            }
            #expect(told == wanted, "seed \(seed), round \(round)")
        }
    }
}

extension LiveAudiences {
    /// Whether no secondary identifier is a user any more.
    fileprivate func hasLinks(_ world: Shop) -> Bool { index.count == world.views.count }
}

/// A data folder without processes: a log of views and links, states folded from it, and a naive
/// account of who has looked how often.
private final class Shop {
    private let parent: String
    let folder: DataFolder
    private let log: SQLiteEventLog
    private var looked: [String: Int] = [:]
    /// Those that hold, oldest first.
    private(set) var links: [(known: String, other: String)] = []
    private var made = 0

    init() throws {
        parent = try Files.makeTemporaryFolder(prefix: "limn-persons")
        folder = try DataFolder.initialise("\(parent)/shop")
        log = try SQLiteEventLog(folder: folder.logFolder)
    }

    deinit { try? Files.removeTree(parent) }

    static func portrait() throws -> Portrait {
        let tags = try TagReader([TagDefinition("busy", condition: "stats.views_life >= 3")])
        return Portrait(
            tags: tags, risk: try RiskScorer(rules: [], tags: tags), segments: try SegmentScorer())
    }

    func members(of live: LiveAudiences) -> [String] {
        live.index.page(ofTag: "busy", after: 0, limit: 1000)?.userIDs ?? []
    }

    /// Views of each person with any, by the name the person goes by.
    var views: [String: Int] {
        var views: [String: Int] = [:]
        for (id, count) in looked {
            var all: Set<String> = [id]
            var before = 0
            while before < all.count {
                before = all.count
                for link in links where all.contains(link.known) || all.contains(link.other) {
                    all.formUnion([link.known, link.other])
                }
            }
            let oldest = links.first { all.contains($0.known) }
            views[oldest?.known ?? id, default: 0] += count
        }
        return views
    }

    var busy: Set<String> { Set(views.filter { $0.value >= 3 }.keys) }

    /// So many views of a user, committed.
    func look(_ count: Int, by userID: String) throws {
        for _ in 0..<count {
            made += 1
            var event = Event()
            event.eventID = "\(made)"
            event.userID = userID
            event.itemID = "i\(made)"
            event.type = .view
            event.timeMs = 1_700_000_000_000 + Int64(made)
            try append(.event, event.encoded(), to: Partitions.partition(ofUser: userID))
        }
        looked[userID, default: 0] += count
        let partition = Partitions.partition(ofUser: userID)
        let store = try SQLitePartitionStore(folder: folder.stateFolder, partition: partition)
        try PartitionRebuild(from: log).advance(store, to: log.ends()[partition])
    }

    func link(_ known: String, _ other: String, undo: Bool = false) throws {
        made += 1
        var link = Link()
        link.userID = known
        link.otherID = other
        link.undo = undo
        link.timeMs = 1_700_000_000_000 + Int64(made)
        try append(.link, link.encoded(), to: Partitions.catalogue)
        func isMeant(_ one: String, _ two: String) -> Bool {
            one == known && (two == other || (undo && other.isEmpty))
        }
        func isMeant(_ link: (known: String, other: String)) -> Bool {
            isMeant(link.known, link.other) || isMeant(link.other, link.known)
        }
        if undo {
            links.removeAll { isMeant($0) }
        } else if known != other, !links.contains(where: { isMeant($0) }) {
            links.append((known, other))
        }
    }

    private func append(
        _ content: RecordFields.Content, _ body: [UInt8], to partition: Int
    ) throws {
        var record: [UInt8] = []
        record.appendRecord(content, body.span, 0..<body.count, stamp: Stamp())
        _ = try log.append(
            groups: [PendingBlock(partition: partition, count: 1, records: record)], batches: [],
            rejects: [], receivedMs: 1_700_000_000_000)
    }
}
