import Numerics
import Randomness

extension ALSModel {
    /// How the factors are found.
    package struct Options: Sendable, Equatable {
        package var factors = 64
        package var iterations = 15
        /// Conjugate gradient steps per row and half-iteration.
        package var steps = 3
        /// Confidence of a choice is 1 + alpha × weight.
        package var alpha: Float = 0.5
        package var regularisation: Float = 1
        /// The weight of one user and item is cut here.
        package var weightCap: Float = 10
        package var seed: UInt64 = 1

        package init() {}
    }

    /// The same data, options and seed give the same bytes, whatever the number of cores.
    package static func train(_ data: Interactions, options: Options = Options()) -> ALSModel {
        let cells = data.byUser(cap: options.weightCap).replacingValues { $0 * options.alpha }
        let users = LeastSquaresSweep(
            confidence: cells, regularisation: options.regularisation, steps: options.steps)
        let items = LeastSquaresSweep(
            confidence: cells.transposed(), regularisation: options.regularisation,
            steps: options.steps)
        var random = SeededRandom(seed: options.seed)
        var itemFactors = start(rows: data.itemCount, options.factors, &random)
        var userFactors = start(rows: data.userCount, options.factors, &random)
        for _ in 0..<options.iterations {
            users.solve(&userFactors, from: itemFactors)
            items.solve(&itemFactors, from: userFactors)
        }
        return ALSModel(
            items: data.itemNames, itemFactors: itemFactors, alpha: options.alpha,
            regularisation: options.regularisation, weightCap: options.weightCap)
    }

    private static func start(rows: Int, _ columns: Int, _ random: inout SeededRandom) -> Matrix {
        let spread = 0.1 / Double(columns).squareRoot()
        let elements = (0..<rows * columns).map { _ in Float(random.normal() * spread) }
        return Matrix(rows: rows, columns: columns, elements: elements)
    }
}
