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

    /// Items that share a hash, at most; further ones lie in a dictionary by their ids.
    package static let chainMax = 8

    private let key: HashKey
    private var entries: [UInt64: [Entry]] = [:]
    /// What found its chain full, which takes somebody who knows the key.
    private var crowded: [[UInt8]: Entry] = [:]
    package private(set) var count = 0

    package init(key: HashKey = .open) { self.key = key }

    /// Adds an item, or replaces it.
    @discardableResult
    package mutating func put(_ item: Item) -> Undo {
        let entry = Entry(
            itemID: Array(item.itemID.utf8), category: Array(item.category.utf8),
            brand: Array(item.brand.utf8), price: item.price)
        var undo = Undo(itemID: entry.itemID, before: nil)
        let hash = key.hash(item.itemID)
        let chain = entries[hash] ?? []
        if let at = chain.firstIndex(where: { $0.itemID == entry.itemID }) {
            undo.before = chain[at]
            entries[hash]?[at] = entry
        } else if let before = crowded[entry.itemID] {
            undo.before = before
            crowded[entry.itemID] = entry
        } else {
            if chain.count < Self.chainMax {
                entries[hash, default: []].append(entry)
            } else {
                crowded[entry.itemID] = entry
            }
            count += 1
        }
        return undo
    }

    /// As it was before a ``put(_:)``; of several the newest is taken back first.
    package mutating func takeBack(_ undo: Undo) {
        let hash = key.hash(undo.itemID.span, in: 0..<undo.itemID.count)
        if undo.before == nil { count -= 1 }
        if crowded[undo.itemID] != nil {
            crowded[undo.itemID] = undo.before
            return
        }
        guard var chain = entries[hash],
            let at = chain.firstIndex(where: { $0.itemID == undo.itemID })
        else { return }
        if let before = undo.before { chain[at] = before } else { chain.remove(at: at) }
        entries[hash] = chain.isEmpty ? nil : chain
    }

    /// The item whose id is at `range` of `bytes`.
    package func entry(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Entry? {
        guard count > 0, let chain = entries[key.hash(bytes, in: range)] else { return nil }
        for entry in chain where entry.itemID.count == range.count {
            var same = true
            for at in 0..<range.count where entry.itemID[at] != bytes[range.lowerBound + at] {
                same = false
                break
            }
            if same { return entry }
        }
        return chain.count < Self.chainMax ? nil : crowded[bytes.array(range)]
    }
}
