package import Numerics

/// A linear model of the log odds on standardised features; NaN counts as the feature's mean.
package struct LogisticRegression: Sendable, Equatable {
    package let featureNames: [String]
    package let means: [Double]
    /// Standard deviations; 1 for a feature that never changes.
    package let deviations: [Double]
    /// Log odds per standard deviation.
    package let coefficients: [Double]
    package let constant: Double

    package struct Options: Sendable, Equatable {
        /// Weight of Σ coefficient² / 2 against the summed log loss (1 / C of scikit-learn).
        package var l2 = 1.0
        package var iterationsMax = 200
        /// Greatest gradient element per row at which the search ends.
        package var tolerance = 1e-5

        package init() {}
    }

    package init(
        featureNames: [String], means: [Double], deviations: [Double], coefficients: [Double],
        constant: Double
    ) {
        precondition(featureNames.count == means.count && means.count == deviations.count)
        precondition(means.count == coefficients.count)
        self.featureNames = featureNames
        self.means = means
        self.deviations = deviations
        self.coefficients = coefficients
        self.constant = constant
    }

    /// What each feature adds to the log odds of this row, against an average row.
    package func contributions(_ row: [Float]) -> [Double] {
        precondition(row.count == means.count)
        return row.indices.map { index in
            row[index].isNaN
                ? 0
                : coefficients[index] * (Double(row[index]) - means[index]) / deviations[index]
        }
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
                    let value = table.elements[row * table.columns + index]
                    if value.isNaN { continue }
                    sum += coefficients[index] * (Double(value) - means[index]) / deviations[index]
                }
                return Logistic.chance(sum)
            }
        }.flatMap { $0 }
    }
}
