import Numerics

/// Several recommenders as one: their scores, each scaled to 0…1 per user, weighted and summed.
package struct BlendModel: Recommender {
    /// Shares of item-to-item and ALS, chosen on held-out events; serving mixes the same way.
    package static let shares: (itemToItem: Float, als: Float) = (0.7, 0.3)

    package let parts: [(model: any Recommender, weight: Float)]

    package var itemCount: Int { parts[0].model.itemCount }

    /// Traps when there is no part or the parts differ in their items.
    package init(_ parts: [(model: any Recommender, weight: Float)]) {
        precondition(!parts.isEmpty)
        precondition(parts.allSatisfy { $0.model.itemCount == parts[0].model.itemCount })
        self.parts = parts
    }

    package func scores(for history: History) -> [Float] {
        var sums = [Float](repeating: 0, count: itemCount)
        for part in parts {
            Blend.add(part.model.scores(for: history), weight: part.weight, to: &sums)
        }
        return sums
    }
}
