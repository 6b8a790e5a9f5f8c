package import Numerics

/// Gradient-boosted decision trees for a yes-or-no question: trees grown leaf by leaf on
/// histograms of the log loss (Friedman 2001; Ke et al. 2017). NaN is a value of its own.
package struct GradientBoostedTrees: Sendable, Equatable {
    package let featureNames: [String]
    /// The score before any tree: log odds of the base rate.
    package let base: Double
    package let forest: Forest
    /// Summed gain of the splits on each feature.
    package let gains: [Double]

    /// How the trees are grown.
    package struct Options: Sendable, Equatable {
        package var trees = 200
        package var learningRate = 0.1
        package var leavesMax = 31
        /// 0 means no limit.
        package var depthMax = 0
        package var binsMax = 255
        package var childRowsMin = 20
        package var childWeightMin = 1e-3
        package var l2 = 1.0
        package var gainMin = 1e-9
        /// Share of the features that each tree may use.
        package var columnShare = 1.0
        /// Stops when the validation part got no better for so many trees.
        package var patience = 20
        package var seed: UInt64 = 1

        package init() {}
    }

    package init(featureNames: [String], base: Double, forest: Forest, gains: [Double]) {
        precondition(featureNames.count == forest.columns && gains.count == forest.columns)
        self.featureNames = featureNames
        self.base = base
        self.forest = forest
        self.gains = gains
    }

    /// The log odds of yes for one row.
    package func score(_ row: [Float]) -> Double { base + forest.sum(row) }

    /// The chance of yes for one row.
    package func predict(_ row: [Float]) -> Double { Logistic.chance(score(row)) }

    /// The chance of yes for every row; the same as one by one.
    package func predict(_ table: Matrix) -> [Double] {
        var scores = [Double](repeating: 0, count: table.rows)
        forest.add(table, to: &scores)
        return scores.map { Logistic.chance(base + $0) }
    }

    /// The features by their share of all gain, greatest first.
    package func importance() -> [(feature: String, share: Double)] {
        let total = gains.reduce(0, +)
        return zip(featureNames, gains).map { ($0, total > 0 ? $1 / total : 0) }
            .sorted { ($1.share, $0.feature) < ($0.share, $1.feature) }
    }
}
