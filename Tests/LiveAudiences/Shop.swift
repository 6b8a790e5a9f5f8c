import Archive
import Audiences
import Events
import Expressions
import LiveAudiences
import Messages
import Portrait
import Profiles
import Risk
import Runtime
import Segments
import Storage
import System

/// A data folder without processes: a log of views and links, states folded from it, and a naive
/// account of who has looked how often.
final class Shop {
    private let parent: String
    let folder: DataFolder
    private let log: SQLiteEventLog
    private var looked: [String: Int] = [:]
    /// Those that hold, oldest first.
    private(set) var links: [(known: String, other: String)] = []
    private var made = 0

    static let startMs: Int64 = 1_700_000_000_000

    init() throws {
        parent = try Files.makeTemporaryFolder(prefix: "limn-persons")
        folder = try DataFolder.initialise("\(parent)/shop")
        log = try SQLiteEventLog(folder: folder.logFolder)
    }

    deinit { try? Files.removeTree(parent) }

    static func portrait(
        _ definitions: [TagDefinition] = [
            TagDefinition("busy", condition: "stats.views_life >= 3")
        ]
    ) throws -> Portrait {
        let tags = try TagReader(definitions)
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
    /// `received` says that ingest took them in at ``startMs``, whatever their own time.
    func look(
        _ count: Int, by userID: String, hoursLater hours: Int64 = 0, received: Bool = false
    ) throws {
        for _ in 0..<count {
            made += 1
            var event = Event()
            event.eventID = "\(made)"
            event.userID = userID
            event.itemID = "i\(made)"
            event.type = .view
            event.timeMs = Self.startMs + Int64(made) + hours * 3_600_000
            var stamp = Stamp()
            stamp.receivedMs = received ? Self.startMs : 0
            try append(
                .event, event.encoded(), to: Partitions.partition(ofUser: userID), stamp)
        }
        looked[userID, default: 0] += count
        let partition = Partitions.partition(ofUser: userID)
        let store = try SQLitePartitionStore(folder: folder.stateFolder, partition: partition)
        try PartitionRebuild(from: log, keys: folder.userKeys()).advance(
            store, to: log.ends()[partition])
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
        _ content: RecordFields.Content, _ body: [UInt8], to partition: Int,
        _ stamp: Stamp = Stamp()
    ) throws {
        var record: [UInt8] = []
        record.appendRecord(content, body.span, 0..<body.count, stamp: stamp)
        _ = try log.append(
            groups: [PendingBlock(partition: partition, count: 1, records: record)], batches: [],
            rejects: [], receivedMs: 1_700_000_000_000)
    }
}
