import Messages
import Randomness
import Storage
import System
import Testing

@Suite("The snapshot of the catalogue stands for all records up to its offset")
struct CatalogueSnapshotTests {
    private static let partition = 64

    /// A catalogue with few names, so that records replace, undo and repeat one another.
    private struct Generator {
        var random: SplitMix64

        mutating func record() -> Record {
            var record = Record()
            switch Int.random(in: 0..<10, using: &random) {
            case 0...4: record.content = .item(item())
            default: record.content = .link(link())
            }
            return record
        }

        private mutating func item() -> Item {
            var item = Item()
            item.itemID = "i\(Int.random(in: 0..<12, using: &random))"
            item.title = "t\(Int.random(in: 0..<1_000, using: &random))"
            item.category = ["", "a", "a/b", "c"].randomElement(using: &random) ?? ""
            item.price = Double(Int.random(in: 0..<100, using: &random))
            item.timeMs = Int64.random(in: 0..<50, using: &random)
            return item
        }

        private mutating func link() -> Link {
            var link = Link()
            link.userID = "u\(Int.random(in: 0..<8, using: &random))"
            link.otherID = "u\(Int.random(in: 0..<8, using: &random))"
            link.timeMs = Int64.random(in: 1..<50, using: &random)
            link.undo = Int.random(in: 0..<4, using: &random) == 0
            if link.undo, Int.random(in: 0..<4, using: &random) == 0 { link.otherID = "" }
            return link
        }
    }

    /// What any fold of the catalogue may make of records, the plainest way.
    private struct Fold: Equatable {
        struct Entry: Equatable {
            var title = ""
            var category = ""
            var newestCategory = ""
            var price = 0.0
            var firstMs: Int64 = 0
        }
        struct Pair: Hashable {
            var low: String
            var high: String
        }

        var order: [String] = []
        var items: [String: Entry] = [:]
        var newestMs: Int64 = 0
        var links: [Pair: Link] = [:]

        mutating func take(_ content: Record.Content) {
            switch content {
            case .item(let item): take(item)
            case .link(let link): take(link)
            default: break
            }
        }

        private mutating func take(_ item: Item) {
            if items[item.itemID] == nil { order.append(item.itemID) }
            var entry = items[item.itemID] ?? Entry()
            (entry.title, entry.price) = (item.title, item.price)
            entry.newestCategory = item.category
            if !item.category.isEmpty { entry.category = item.category }
            if item.timeMs > 0, entry.firstMs == 0 || item.timeMs < entry.firstMs {
                entry.firstMs = item.timeMs
            }
            newestMs = max(newestMs, item.timeMs)
            items[item.itemID] = entry
        }

        private mutating func take(_ link: Link) {
            if link.undo, link.otherID.isEmpty {
                links = links.filter { $0.key.low != link.userID && $0.key.high != link.userID }
                return
            }
            let pair = Pair(
                low: min(link.userID, link.otherID), high: max(link.userID, link.otherID))
            if link.undo {
                links[pair] = nil
            } else if link.userID != link.otherID, links[pair] == nil {
                links[pair] = link
            }
        }
    }

    private static func fold(_ snapshot: CatalogueSnapshot) throws -> Fold {
        var fold = Fold()
        try snapshot.forEachRecord { record in
            if let content = record.content { fold.take(content) }
        }
        return fold
    }

    private static func block(_ records: [Record]) -> PendingBlock {
        var bytes: [UInt8] = []
        for record in records {
            let body = record.encoded()
            bytes.appendVarint(UInt64(body.count))
            bytes += body
        }
        return PendingBlock(partition: partition, count: records.count, records: bytes)
    }

    @Test("folding it is folding everything, at every step and through the file", arguments: 1...4)
    func equal(seed: Int) throws {
        let folder = try TemporaryFolder()
        let log = try SQLiteEventLog(folder: folder.path)
        var generator = Generator(random: SplitMix64(seed: UInt64(seed)))
        var naive = Fold()
        var snapshot = CatalogueSnapshot()
        for step in 0..<120 {
            let records = (0...step % 3).map { _ in generator.record() }
            for record in records { if let content = record.content { naive.take(content) } }
            let other = PendingBlock(partition: step % 64, count: 1, records: [0])
            _ = try log.append(
                groups: [other, Self.block(records)], batches: [], rejects: [], receivedMs: 0)
            guard step % 7 == 0 else { continue }
            _ = try snapshot.readOn(log, partition: Self.partition)
            #expect(try Self.fold(snapshot) == naive, "seed \(seed), step \(step)")
            let identity = try #require(try log.identity())
            try snapshot.write(folder: folder.path, of: identity)
            snapshot = try #require(
                try CatalogueSnapshot.read(
                    folder: folder.path, of: log, partition: Self.partition))
            #expect(try Self.fold(snapshot) == naive, "seed \(seed), step \(step), file")
            #expect(snapshot.offset == (try log.end(partition: Self.partition)))
        }
    }

    @Test("a file with any changed byte is refused, and so is one of another log")
    func refused() throws {
        let folder = try TemporaryFolder()
        let log = try SQLiteEventLog(folder: folder.path)
        var generator = Generator(random: SplitMix64(seed: 9))
        func append(_ timeMs: Int64) throws {
            let records = (0..<5).map { _ in generator.record() }
            _ = try log.append(
                groups: [Self.block(records)], batches: [], rejects: [], receivedMs: timeMs)
        }
        func read() throws -> CatalogueSnapshot? {
            try CatalogueSnapshot.read(folder: folder.path, of: log, partition: Self.partition)
        }
        #expect(try read() == nil)
        for time in 1...4 as ClosedRange<Int64> { try append(time) }
        var snapshot = CatalogueSnapshot()
        #expect(try snapshot.readOn(log, partition: Self.partition) == 20)
        let identity = try #require(try log.identity())
        try snapshot.write(folder: folder.path, of: identity)
        #expect(try read()?.offset == 20)

        let path = CatalogueSnapshot.path(folder: folder.path)
        let whole = try Files.read(path)
        for at in whole.indices {
            var bytes = whole
            bytes[at] ^= 4
            try Files.writeAtomically(path, bytes)
            #expect(throws: CatalogueSnapshot.Refusal.damaged, "byte \(at)") { _ = try read() }
        }
        for length in stride(from: 0, to: whole.count, by: 5) {
            try Files.writeAtomically(path, Array(whole.prefix(length)))
            #expect(throws: CatalogueSnapshot.Refusal.damaged) { _ = try read() }
        }

        // A log that was cut is another one, though it has the same name.
        try Files.writeAtomically(path, whole)
        try log.cut(after: 2)
        #expect(throws: CatalogueSnapshot.Refusal.otherLog) { _ = try read() }
        // A log that lost its end without anybody's saying so, and got another.
        try snapshot.write(folder: folder.path, of: try #require(try log.identity()))
        #expect(throws: CatalogueSnapshot.Refusal.otherLog) { _ = try read() }
        for time in 5...8 as ClosedRange<Int64> { try append(time) }
        #expect(throws: CatalogueSnapshot.Refusal.otherLog) { _ = try read() }
    }

    @Test("a damaged block of the catalogue is told and passed over")
    func damaged() throws {
        let folder = try TemporaryFolder()
        let log = try SQLiteEventLog(folder: folder.path)
        var generator = Generator(random: SplitMix64(seed: 2))
        for _ in 0..<3 {
            let records = (0..<4).map { _ in generator.record() }
            _ = try log.append(
                groups: [Self.block(records)], batches: [], rejects: [], receivedMs: 0)
        }
        let path = "\(folder.path)/events.sqlite"
        try damage(path, "UPDATE blocks SET records = x'00' WHERE id = 2")
        var told: [StorageError] = []
        var snapshot = CatalogueSnapshot()
        _ = try snapshot.readOn(log, partition: Self.partition) { told.append($0) }
        #expect(snapshot.offset == 12)
        #expect(told.count == 1)
        guard case .damaged(Self.partition, 4, 8, _) = told.first else {
            Issue.record("\(told)")
            return
        }
    }
}
