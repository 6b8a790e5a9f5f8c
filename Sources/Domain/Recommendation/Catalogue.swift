package import Messages

/// What is known of one item of the shop.
package struct CatalogueEntry: Sendable, Equatable {
    package var id: String
    package var title = ""
    package var category = ""
    package var brand = ""
    package var price = 0.0
    package var unavailable = false
    package var timeMs: Int64 = 0

    package init(id: String) { self.id = id }

    package init(_ item: Item) {
        id = item.itemID
        title = item.title
        category = item.category
        brand = item.brand
        price = item.price
        unavailable = item.unavailable
        timeMs = item.timeMs
    }
}

/// Every item that may be recommended, by a dense index that never changes within one catalogue.
package struct Catalogue: Sendable {
    package private(set) var ids: [String] = []
    package private(set) var titles: [String] = []
    package private(set) var brands: [String] = []
    package private(set) var prices: [Double] = []
    package private(set) var categories: [Int32] = []
    package private(set) var firstSeenMs: [Int64] = []
    package private(set) var unavailable: [Bool] = []
    package private(set) var tree = CategoryTree()
    /// Items of exactly this category, in index order.
    package private(set) var itemsByCategory: [[Int32]] = []
    package private(set) var unavailableCount = 0
    /// Grows with each change, so that who works on a copy can tell whether it is still the newest.
    package private(set) var revision: UInt64 = 0
    private var index: [String: Int32] = [:]

    package init() {}

    package var count: Int { ids.count }

    /// The dense index of an item, or nil when it is unknown.
    package func find(_ id: String) -> Int32? { index[id] }

    /// Adds an item or replaces what is known of it; the time it was first seen stays the earliest.
    @discardableResult
    package mutating func upsert(_ entry: CatalogueEntry) -> Int32 {
        let item = intern(entry.id, category: "")
        let at = Int(item)
        revision += 1
        titles[at] = entry.title
        brands[at] = entry.brand
        prices[at] = entry.price
        if entry.timeMs > 0, firstSeenMs[at] == 0 || entry.timeMs < firstSeenMs[at] {
            firstSeenMs[at] = entry.timeMs
        }
        if unavailable[at] != entry.unavailable {
            unavailable[at] = entry.unavailable
            unavailableCount += entry.unavailable ? 1 : -1
        }
        if !entry.category.isEmpty { move(item, to: entry.category) }
        return item
    }

    /// The index of an item that is known at least from somebody's behaviour, with its category if
    /// that was unknown.
    package mutating func intern(_ id: String, category: String) -> Int32 {
        if let known = index[id] {
            if categories[Int(known)] < 0, !category.isEmpty { move(known, to: category) }
            return known
        }
        let item = Int32(ids.count)
        revision += 1
        ids.append(id)
        titles.append("")
        brands.append("")
        prices.append(0)
        categories.append(-1)
        firstSeenMs.append(0)
        unavailable.append(false)
        index[id] = item
        if !category.isEmpty { move(item, to: category) }
        return item
    }

    /// Items of a category and of everything below it, in index order.
    package func items(below category: Int32) -> [Int32] {
        let subtree = tree.subtree(of: category)
        if subtree.count == 1 { return itemsByCategory[Int(category)] }
        return subtree.flatMap { itemsByCategory[Int($0)] }.sorted()
    }

    /// The entry of an item as it would be upserted.
    package func entry(_ item: Int32) -> CatalogueEntry {
        let at = Int(item)
        var entry = CatalogueEntry(id: ids[at])
        entry.title = titles[at]
        entry.category = tree.path(of: categories[at])
        entry.brand = brands[at]
        entry.price = prices[at]
        entry.unavailable = unavailable[at]
        entry.timeMs = firstSeenMs[at]
        return entry
    }

    private mutating func move(_ item: Int32, to path: String) {
        let category = tree.intern(path)
        while itemsByCategory.count < tree.count { itemsByCategory.append([]) }
        let before = categories[Int(item)]
        if before == category { return }
        revision += 1
        if before >= 0 { itemsByCategory[Int(before)].removeAll { $0 == item } }
        categories[Int(item)] = category
        let place = itemsByCategory[Int(category)].partition(below: item)
        itemsByCategory[Int(category)].insert(item, at: place)
    }
}

extension [Int32] {
    /// The first place whose element is not below the value; the array is sorted.
    package func partition(below value: Int32) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
