package import Messages
import System

/// The records of the catalogue that still count: whoever folds them in their order is where
/// folding all of them up to `offset` leads. So a start costs what the shop has and not what it
/// ever had.
///
/// Of an item that is the first record (which gives it its place), the newest, the last that named
/// a category, and those of the earliest and of the latest time; of a link the one that made it, as
/// long as it holds.
package struct CatalogueSnapshot: Sendable {
    /// Everything before this offset of the catalogue is in it.
    package internal(set) var offset: UInt64 = 0
    /// The last block that was read for it, by which its log is recognised.
    package internal(set) var mark: LogMark?
    private var items: [String: [Kept]] = [:]
    /// By both identifiers.
    private var links: [String: [String: Kept]] = [:]

    struct Kept {
        var offset: UInt64
        var timeMs: Int64
        var hasCategory: Bool
        var bytes: [UInt8]
    }

    package init() {}

    /// Takes the records of the next block; those it has already are passed over.
    package mutating func take(_ block: StoredBlock) throws {
        let bytes = block.records.span
        var reader = BlockReader(bytes)
        var next = block.firstOffset
        while let range = try reader.next() {
            defer { next += 1 }
            guard next >= offset else { continue }
            take(bytes.extracting(range), at: next)
        }
        skip(to: block.endOffset)
        mark = LogMark(
            partition: block.partition, firstOffset: block.firstOffset, count: block.count, bytes)
    }

    /// Goes on behind records that nobody can read any more.
    package mutating func skip(to end: UInt64) { offset = max(offset, end) }

    /// What cannot be decoded makes nothing for anybody who folds it either.
    mutating func take(_ record: Span<UInt8>, at offset: UInt64) {
        let content: Record.Content?
        do {
            content = try Record(decoding: record).content
        } catch {
            return
        }
        func kept(_ timeMs: Int64, hasCategory: Bool = false) -> Kept {
            Kept(
                offset: offset, timeMs: timeMs, hasCategory: hasCategory,
                bytes: record.array(0..<record.count))
        }
        switch content {
        case .item(let item):
            items[item.itemID, default: []].keep(
                kept(item.timeMs, hasCategory: !item.category.isEmpty))
        case .link(let link) where link.undo:
            if link.otherID.isEmpty {
                for other in (links[link.userID] ?? [:]).keys { remove(link.userID, other) }
            } else {
                remove(link.userID, link.otherID)
            }
        case .link(let link):
            guard !link.userID.isEmpty, !link.otherID.isEmpty, link.userID != link.otherID,
                links[link.userID]?[link.otherID] == nil
            else { return }
            let kept = kept(link.timeMs)
            links[link.userID, default: [:]][link.otherID] = kept
            links[link.otherID, default: [:]][link.userID] = kept
        default: break
        }
    }

    private mutating func remove(_ one: String, _ other: String) {
        for (from, to) in [(one, other), (other, one)] {
            links[from]?[to] = nil
            if links[from]?.isEmpty == true { links[from] = nil }
        }
    }

    /// How many records there are.
    package var count: Int {
        items.values.reduce(0) { $0 + $1.count } + links.values.reduce(0) { $0 + $1.count } / 2
    }

    var records: [Kept] {
        var all = items.values.flatMap { $0 }
        for (one, others) in links {
            // Each link lies under both of its ends.
            all += others.filter { one < $0.key }.values
        }
        return all.sorted { $0.offset < $1.offset }
    }

    /// Hands on each record in the order of the log.
    package func forEachRecord(_ body: (Record) throws -> Void) throws {
        for kept in records { try body(Record(decoding: kept.bytes)) }
    }
}

extension [CatalogueSnapshot.Kept] {
    /// Adds the newest record of an item and drops what no longer counts.
    fileprivate mutating func keep(_ record: CatalogueSnapshot.Kept) {
        append(record)
        let times = filter { $0.timeMs > 0 }
        let wanted: Set<UInt64?> = [
            first?.offset, record.offset, last { $0.hasCategory }?.offset,
            times.min { ($0.timeMs, $0.offset) < ($1.timeMs, $1.offset) }?.offset,
            map(\.timeMs).max().flatMap { latest in first { $0.timeMs == latest }?.offset },
        ]
        if wanted.count < count { removeAll { !wanted.contains($0.offset) } }
    }
}
