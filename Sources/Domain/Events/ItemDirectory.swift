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

    /// Items that share a hash, at most; further ones lie in a dictionary by their ids.
    package static let chainMax = 8

    private let key: HashKey
    private var entries: [UInt64: [Entry]] = [:]
    /// What found its chain full, which takes somebody who knows the key.
    private var crowded: [[UInt8]: Entry] = [:]
    package private(set) var count = 0

    package init(key: HashKey = .open) { self.key = key }

    /// Adds an item, or replaces it.
    package mutating func put(_ item: Item) {
        let entry = Entry(
            itemID: Array(item.itemID.utf8), category: Array(item.category.utf8),
            brand: Array(item.brand.utf8), price: item.price)
        let hash = key.hash(item.itemID)
        let chain = entries[hash] ?? []
        if let at = chain.firstIndex(where: { $0.itemID == entry.itemID }) {
            entries[hash]?[at] = entry
        } else if chain.count < Self.chainMax {
            entries[hash, default: []].append(entry)
            count += 1
        } else if crowded.updateValue(entry, forKey: entry.itemID) == nil {
            count += 1
        }
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
