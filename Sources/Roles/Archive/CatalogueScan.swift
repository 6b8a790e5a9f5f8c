import Events
package import Messages
package import Storage

/// Walks over the records of the catalogue's partition: items, and links between identifiers.
package struct CatalogueScan {
    private let scan: LogScan

    package init(_ log: SQLiteEventLog) {
        scan = LogScan(log, partition: Partitions.catalogue)
    }

    /// Hands on offset, content and bytes of each record from `start` on; no more is read once
    /// `end` is reached, nil = to the end of the log.
    ///
    /// - Returns: the offset after the last.
    package func forEachRecord(
        from start: UInt64, to end: UInt64? = nil,
        _ body: (_ offset: UInt64, _ content: Record.Content, _ record: Span<UInt8>) -> Void
    ) throws -> UInt64 {
        try scan.forEachRecord(from: start, to: end) { offset, record in
            if let content = try Record(decoding: record).content {
                body(offset, content, record)
            }
        }
    }
}

/// Records that are to be appended again before the part of the log goes that they lie in.
package struct CatalogueEntries: Sendable {
    private enum Key: Hashable, Comparable {
        case item(String)
        /// The two identifiers in rising order.
        case link(String, String)
    }

    private var records: [Key: [UInt8]] = [:]

    package init() {}

    package var isEmpty: Bool { records.isEmpty }

    /// The next record of the catalogue: it stands in for earlier ones of the same item or link,
    /// and is kept if it would be gone, which is to say if there are bytes.
    package mutating func take(_ content: Record.Content, _ lost: [UInt8]?) {
        switch content {
        case .item(let item): records[.item(item.itemID)] = lost
        case .link(let link) where link.undo && link.otherID.isEmpty:
            records = records.filter { key, _ in
                guard case .link(let one, let other) = key else { return true }
                return one != link.userID && other != link.userID
            }
        case .link(let link):
            let key = Key.link(
                min(link.userID, link.otherID), max(link.userID, link.otherID))
            records[key] = link.undo ? nil : lost
        default: break
        }
    }

    /// Takes out some records, items first.
    package mutating func takeSome(_ count: Int) -> [[UInt8]] {
        records.keys.sorted().prefix(count).compactMap { records.removeValue(forKey: $0) }
    }
}
