package import Numerics

/// A linear model of the log odds on standardised features; NaN counts as the feature's mean, and
/// a value far outside of what was fitted as one at the limit: a line says nothing out there.
package struct LogisticRegression: Sendable, Equatable {
    package let featureNames: [String]
    package let means: [Double]
    /// Standard deviations; 1 for a feature that never changes.
    package let deviations: [Double]
    /// Log odds per standard deviation.
    package let coefficients: [Double]
    package let constant: Double
    /// Standard deviations from the mean beyond which a value counts as one this far away.
    package let limit: Double

    package struct Options: Sendable, Equatable {
        /// Weight of Σ coefficient² / 2 against the summed log loss (1 / C of scikit-learn).
        package var l2 = 1.0
        package var iterationsMax = 200
        /// Greatest gradient element per row at which the search ends.
        package var tolerance = 1e-5
        /// Standard deviations at which inputs are cut.
        package var limit = 5.0

        package init() {}
    }

    package init(
        featureNames: [String], means: [Double], deviations: [Double], coefficients: [Double],
        constant: Double, limit: Double = .infinity
    ) {
        precondition(limit > 0)
        precondition(featureNames.count == means.count && means.count == deviations.count)
        precondition(means.count == coefficients.count)
        self.featureNames = featureNames
        self.means = means
        self.deviations = deviations
        self.coefficients = coefficients
        self.constant = constant
        self.limit = limit
    }

    /// How many standard deviations a value lies from its mean, within the limit; 0 for NaN.
    @inline(__always)
    static func standardised(
        _ value: Float, mean: Double, deviation: Double, limit: Double
    ) -> Double {
        value.isNaN ? 0 : max(-limit, min(limit, (Double(value) - mean) / deviation))
    }

    @inline(__always)
    private func contribution(_ index: Int, _ value: Float) -> Double {
        coefficients[index]
            * Self.standardised(
                value, mean: means[index], deviation: deviations[index], limit: limit)
    }

    /// What each feature adds to the log odds of this row, against an average row.
    package func contributions(_ row: [Float]) -> [Double] {
        precondition(row.count == means.count)
        return row.indices.map { contribution($0, row[$0]) }
    }

    /// The log odds of yes for one row.
    package func score(_ row: [Float]) -> Double { contributions(row).reduce(constant, +) }

    /// The chance of yes for one row.
    package func predict(_ row: [Float]) -> Double { Logistic.chance(score(row)) }

    /// The chance of yes for every row; the same as one by one.
    package func predict(_ table: Matrix) -> [Double] {
        precondition(table.columns == means.count)
        return Parallel.mapPieces(count: table.rows, grain: 1024) { piece in
            piece.map { row in
                var sum = constant
                for index in 0..<table.columns {
                    sum += contribution(index, table.elements[row * table.columns + index])
                }
                return Logistic.chance(sum)
            }
        }.flatMap { $0 }
    }
}
