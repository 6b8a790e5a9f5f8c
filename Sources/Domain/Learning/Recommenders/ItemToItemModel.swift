package import Numerics

/// What goes with, and what comes after, the items a user touched last.
///
/// Two lists per item: `together` (cosine of who chose both) and `following` (transitions within
/// a window of the sequence). A user's scores are both, summed over recent items with decay.
package struct ItemToItemModel: Recommender, Equatable {
    package let items: Vocabulary
    package let together: NeighbourLists
    package let following: NeighbourLists
    /// Popularity as a share of the best item; breaks ties and fills up.
    package let popularity: [Float]
    package let serving: Serving

    package var itemCount: Int { items.count }

    /// How lists become scores.
    package struct Serving: Sendable, Equatable {
        /// Items of the history that count, latest first.
        package var recentItems = 50
        /// Factor per step back in the history, for `together` and `following`.
        package var togetherDecay: Float = 0.9
        package var followingDecay: Float = 0.7
        /// Share of `following` in the sum, 0 to 1.
        package var followingShare: Float = 0.7
        /// Share of popularity, meant to fill up only.
        package var popularityShare: Float = 1e-4

        package init() {}
    }

    package init(
        items: Vocabulary, together: NeighbourLists, following: NeighbourLists,
        popularity: [Float], serving: Serving
    ) {
        precondition(together.itemCount == items.count && following.itemCount == items.count)
        precondition(popularity.count == items.count)
        self.items = items
        self.together = together
        self.following = following
        self.popularity = popularity
        self.serving = serving
    }

    package func scores(for history: History) -> [Float] {
        var sums = popularity
        for index in sums.indices { sums[index] *= serving.popularityShare }
        let recent = history.latest(serving.recentItems)
        let seeds = recent.map(\.item)
        var weights: [Float] = []
        var decay = 1 - serving.followingShare
        for entry in recent {
            weights.append(decay * min(entry.weight, 5).squareRoot())
            decay *= serving.togetherDecay
        }
        together.spread(seeds, weights: weights, into: &sums)
        decay = serving.followingShare
        for index in weights.indices {
            weights[index] = decay
            decay *= serving.followingDecay
        }
        following.spread(seeds, weights: weights, into: &sums)
        return sums
    }

    /// The items most like one, by `together` and by `following` in the serving shares.
    package func similar(to item: Int32, count: Int) -> [Ranked] {
        var sums = [Float](repeating: 0, count: itemCount)
        together.spread([item], weights: [1 - serving.followingShare], into: &sums)
        following.spread([item], weights: [serving.followingShare], into: &sums)
        return topK(sums, k: count, excluding: [item]).filter { $0.score > 0 }
    }
}
