extension ItemToItemModel.Serving {
    /// How much each item of a history counts in each part of the score, latest first.
    package struct Weights: Sendable {
        package var together: [Float]
        package var following: [Float]
        package var category: [Float]
    }

    /// The weights of distinct items with these summed event weights, latest first; those beyond
    /// `recentItems` count nothing. Whoever serves the model must take them from here.
    package func weights(_ strengths: [Float]) -> Weights {
        let counted = strengths.enumerated().map { $0 < recentItems ? $1 : 0 }
        let steps = counted.map { $0 > 0 ? Float(1) : 0 }
        return Weights(
            together: Self.faded(
                counted.map { min($0, 5).squareRoot() }, by: togetherDecay,
                share: 1 - followingShare),
            following: Self.faded(steps, by: followingDecay, share: followingShare),
            category: Self.faded(steps, by: categoryDecay, share: categoryShare))
    }

    /// The strengths fading with every step back, scaled to sum up to `share`.
    private static func faded(_ strengths: [Float], by decay: Float, share: Float) -> [Float] {
        var factor: Float = 1
        var faded: [Float] = []
        faded.reserveCapacity(strengths.count)
        for strength in strengths {
            faded.append(strength * factor)
            factor *= decay
        }
        let total = faded.reduce(0, +)
        return faded.map { total > 0 ? $0 * share / total : 0 }
    }
}
