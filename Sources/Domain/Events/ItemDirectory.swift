package import Messages

/// What ingest knows of the shop's items, to stamp events with the category, brand and price of the
/// moment. Because the stamp goes into the log, a replay never depends on today's catalogue.
package struct ItemDirectory: Sendable {
    /// What an event is stamped with.
    package struct Entry: Sendable, Equatable {
        package var itemID: [UInt8]
        package var category: [UInt8]
        package var brand: [UInt8]
        package var price: Double
    }

    /// What a ``put(_:)`` replaced, to be put back by ``takeBack(_:)``.
    package struct Undo: Sendable {
        fileprivate var itemID: [UInt8]
        /// Nil where the item was new.
        fileprivate var before: Entry?
    }

    private var entries: [UInt64: [Entry]] = [:]
    package private(set) var count = 0

    package init() {}

    /// Adds an item, or replaces it.
    @discardableResult
    package mutating func put(_ item: Item) -> Undo {
        let entry = Entry(
            itemID: Array(item.itemID.utf8), category: Array(item.category.utf8),
            brand: Array(item.brand.utf8), price: item.price)
        var undo = Undo(itemID: entry.itemID, before: nil)
        var chain = entries[XXH64.hash(item.itemID), default: []]
        if let at = chain.firstIndex(where: { $0.itemID == entry.itemID }) {
            undo.before = chain[at]
            chain[at] = entry
        } else {
            chain.append(entry)
            count += 1
        }
        entries[XXH64.hash(item.itemID)] = chain
        return undo
    }

    /// As it was before a ``put(_:)``; of several the newest is taken back first.
    package mutating func takeBack(_ undo: Undo) {
        let hash = XXH64.hash(undo.itemID.span, in: 0..<undo.itemID.count)
        guard var chain = entries[hash],
            let at = chain.firstIndex(where: { $0.itemID == undo.itemID })
        else { return }
        if let before = undo.before {
            chain[at] = before
        } else {
            chain.remove(at: at)
            count -= 1
        }
        entries[hash] = chain.isEmpty ? nil : chain
    }

    /// The item whose id is at `range` of `bytes`.
    package func entry(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Entry? {
        guard count > 0, let chain = entries[XXH64.hash(bytes, in: range)] else { return nil }
        for entry in chain where entry.itemID.count == range.count {
            var same = true
            for at in 0..<range.count where entry.itemID[at] != bytes[range.lowerBound + at] {
                same = false
                break
            }
            if same { return entry }
        }
        return nil
    }
}
