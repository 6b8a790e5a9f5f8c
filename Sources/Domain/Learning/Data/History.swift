/// What one user did, oldest first, in the item numbers of a model.
package struct History: Sendable, Equatable {
    package var items: [Int32]
    package var weights: [Float]
    /// Empty when unknown, else one per item.
    package var timesMs: [Int64]

    /// Traps when the lists differ in length; missing weights count 1.
    package init(items: [Int32], weights: [Float]? = nil, timesMs: [Int64] = []) {
        self.items = items
        self.weights = weights ?? items.map { _ in 1 }
        self.timesMs = timesMs
        precondition(self.weights.count == items.count)
        precondition(timesMs.isEmpty || timesMs.count == items.count)
    }

    package static let empty = History(items: [])

    /// The last `limit` different items, latest first, each with its weights summed.
    package func latest(_ limit: Int) -> [(item: Int32, weight: Float)] {
        var places: [Int32: Int] = [:]
        var result: [(item: Int32, weight: Float)] = []
        for index in items.indices.reversed() {
            if let place = places[items[index]] {
                result[place].weight += weights[index]
            } else if result.count < limit {
                places[items[index]] = result.count
                result.append((items[index], weights[index]))
            }
        }
        return result
    }

    /// The different items with their weights summed, by item number.
    package func totals() -> [(item: Int32, weight: Float)] {
        latest(.max).sorted { $0.item < $1.item }
    }
}
