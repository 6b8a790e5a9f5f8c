package import Numerics

/// What goes with, and what comes after, the items a user touched last.
///
/// Two lists per item: `together` (cosine of who chose both) and `following` (transitions within
/// a window of the sequence). A user's scores are both, summed over recent items with decay;
/// where categories are known, what is popular in the recent ones is added, which carries shops
/// whose items are too many to be seen together.
package struct ItemToItemModel: Recommender, Equatable {
    package let items: Vocabulary
    package let together: NeighbourLists
    package let following: NeighbourLists
    /// Popularity as a share of the best item; breaks ties and fills up.
    package let popularity: [Float]
    /// The category number of each item below `itemCount`, −1 for none; empty when not used.
    package let categories: [Int32]
    /// Each item's share of its category's popularity.
    private let categoryShares: [Float]
    package let serving: Serving

    package var itemCount: Int { items.count }

    /// How lists become scores.
    package struct Serving: Sendable, Equatable {
        /// Items of the history that count, latest first.
        package var recentItems = 50
        /// Factor per step back in the history, for `together` and `following`.
        package var togetherDecay: Float = 0.9
        package var followingDecay: Float = 0.8
        /// Share of `following` in the sum, 0 to 1.
        package var followingShare: Float = 0.95
        /// Share of popularity, meant to fill up only.
        package var popularityShare: Float = 0.01
        /// Share of what is popular in recent categories, and its factor per step back.
        package var categoryShare: Float = 0.5
        package var categoryDecay: Float = 0.9

        package init() {}
    }

    package init(
        items: Vocabulary, together: NeighbourLists, following: NeighbourLists,
        popularity: [Float], categories: [Int32] = [], serving: Serving
    ) {
        precondition(together.itemCount == items.count && following.itemCount == items.count)
        precondition(popularity.count == items.count)
        self.items = items
        self.together = together
        self.following = following
        self.popularity = popularity
        precondition(categories.isEmpty || categories.count == items.count)
        precondition(categories.allSatisfy { $0 >= -1 && Int($0) < items.count })
        self.categories = categories
        self.serving = serving
        var totals = [Float](repeating: 0, count: categories.isEmpty ? 0 : items.count)
        for (item, category) in categories.enumerated() where category >= 0 {
            totals[Int(category)] += popularity[item]
        }
        categoryShares = categories.enumerated().map { item, category in
            category >= 0 && totals[Int(category)] > 0
                ? popularity[item] / totals[Int(category)] : 0
        }
    }

    package func scores(for history: History) -> [Float] {
        var sums = popularity
        for index in sums.indices { sums[index] *= serving.popularityShare }
        let recent = history.latest(serving.recentItems)
        let seeds = recent.map(\.item)
        let weights = serving.weights(recent.map(\.weight))
        together.spread(seeds, weights: weights.together, into: &sums)
        following.spread(seeds, weights: weights.following, into: &sums)
        if !categories.isEmpty { addCategories(of: seeds, weights.category, to: &sums) }
        return sums
    }

    private func addCategories(
        of seeds: [Int32], _ weights: [Float], to sums: inout [Float]
    ) {
        var affinities = [Float](repeating: 0, count: itemCount)
        for (seed, weight) in zip(seeds, weights) where categories[Int(seed)] >= 0 {
            affinities[Int(categories[Int(seed)])] += weight
        }
        for item in sums.indices where categories[item] >= 0 {
            sums[item] += affinities[Int(categories[item])] * categoryShares[item]
        }
    }

    /// The items most like one, by `together` and by `following` in the serving shares.
    package func similar(to item: Int32, count: Int) -> [Ranked] {
        var sums = [Float](repeating: 0, count: itemCount)
        together.spread([item], weights: [1 - serving.followingShare], into: &sums)
        following.spread([item], weights: [serving.followingShare], into: &sums)
        return topK(sums, k: count, excluding: [item]).filter { $0.score > 0 }
    }
}
