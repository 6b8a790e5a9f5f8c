import Foundation
package import Numerics

/// Clusters as overlapping bells whose axes are the columns: a mixture of normal distributions with
/// diagonal covariances. Rows belong to each with a probability.
package struct GaussianMixture: Sendable, Equatable {
    /// Share of each component; they sum to 1.
    package let weights: [Double]
    /// Component after component, a value per column.
    package let means: [Double]
    package let variances: [Double]
    package let columns: Int
    /// Σ ln p(row) over the training rows.
    package internal(set) var logLikelihood: Double
    /// ln weight − ½ Σ ln 2πσ², of each component.
    private let constants: [Double]

    package init(
        weights: [Double], means: [Double], variances: [Double], columns: Int,
        logLikelihood: Double
    ) {
        precondition(means.count == weights.count * columns && variances.count == means.count)
        self.weights = weights
        self.means = means
        self.variances = variances
        self.columns = columns
        self.logLikelihood = logLikelihood
        constants = weights.indices.map { component in
            (0..<columns).reduce(log(weights[component])) {
                $0 - log(2 * .pi * variances[component * columns + $1]) / 2
            }
        }
    }

    package var components: Int { weights.count }

    /// How it is fitted.
    package struct Options: Sendable, Equatable {
        package var components = 8
        package var iterationsMax = 200
        /// Ends when a row's mean ln p gains less.
        package var tolerance = 1e-4
        /// No column of a component varies less, so that none can shrink to a point.
        package var varianceMin = 1e-3
        package var restarts = 2
        package var seed: UInt64 = 1

        package init(components: Int = 8) { self.components = components }
    }

    /// ln(weight · density) of each component for a row.
    func logParts(_ row: Span<Float>) -> [Double] {
        weights.indices.map { component in
            var square = 0.0
            let start = component * columns
            for column in 0..<columns {
                let apart = Double(row[column]) - means[start + column]
                square += apart * apart / variances[start + column]
            }
            return constants[component] - square / 2
        }
    }

    /// ln Σ exp, without overflow.
    static func logSum(_ parts: [Double]) -> Double {
        let most = parts.max() ?? -.infinity
        guard most.isFinite else { return most }
        return most + log(parts.reduce(0) { $0 + exp($1 - most) })
    }

    /// The probability of each component, given the row.
    package func probabilities(_ row: [Float]) -> [Double] {
        precondition(row.count == columns)
        let parts = logParts(row.span)
        let sum = Self.logSum(parts)
        return parts.map { exp($0 - sum) }
    }

    /// Σ ln p over the rows of a table.
    package func logLikelihood(of table: Matrix) -> Double {
        precondition(table.columns == columns)
        return Parallel.mapPieces(count: table.rows, grain: 512) { piece in
            piece.reduce(0.0) { sum, row in
                let range = row * columns..<(row + 1) * columns
                return sum + Self.logSum(logParts(table.elements.span.extracting(range)))
            }
        }.reduce(0, +)
    }

    /// Numbers that were fitted: shares, means and variances.
    package var parameters: Int { components - 1 + 2 * components * columns }

    /// p ln n − 2 ln L: the lower, the better (Schwarz 1978).
    package func bic(rows: Int) -> Double {
        Double(parameters) * log(Double(rows)) - 2 * logLikelihood
    }
}
