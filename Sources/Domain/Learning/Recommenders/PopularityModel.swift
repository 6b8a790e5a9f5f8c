import Foundation

/// What everybody chooses, with old choices fading.
package struct PopularityModel: Recommender, Equatable {
    package let items: Vocabulary
    /// Decayed sum of weights per item.
    package let counts: [Float]
    /// The category number of each item; empty when categories are not used.
    package let categories: [Int32]

    package var itemCount: Int { counts.count }

    package init(items: Vocabulary, counts: [Float], categories: [Int32] = []) {
        precondition(items.count == counts.count)
        precondition(categories.isEmpty || categories.count == counts.count)
        self.items = items
        self.counts = counts
        self.categories = categories
    }

    /// Counts `data`; a choice is worth half for every `halfLifeMs` (infinite: for ever) that it
    /// lies before the newest one.
    package static func train(
        _ data: Interactions, halfLifeMs: Double = .infinity, categories: [Int32] = []
    ) -> PopularityModel {
        var sums = [Double](repeating: 0, count: data.itemCount)
        let newest = data.timesMs.max() ?? 0
        for row in 0..<data.count {
            let age = Double(newest) - Double(data.timesMs[row])
            sums[Int(data.items[row])] += Double(data.weights[row]) * exp2(-age / halfLifeMs)
        }
        return PopularityModel(
            items: data.itemNames, counts: sums.map { Float($0) }, categories: categories)
    }

    package func scores(for history: History) -> [Float] { counts }

    /// The scores with every item of another category at zero.
    package func scores(inCategory category: Int32) -> [Float] {
        zip(counts, categories).map { $1 == category ? $0 : 0 }
    }
}
