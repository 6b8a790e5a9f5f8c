import Foundation
package import Numerics

extension LogisticRegression {
    /// Finds the minimum of summed log loss + l2 · Σ coefficient² / 2; the constant is free.
    package static func train(
        _ examples: Examples, options: Options = Options()
    ) -> LogisticRegression {
        let (means, deviations) = moments(examples.table)
        let table = standardised(examples.table, means, deviations, limit: options.limit)
        let rate = examples.baseRate
        var parameters = [Double](repeating: 0, count: table.columns) + [log(rate / (1 - rate))]
        let rows = Double(max(1, examples.count))
        _ = LBFGS.minimise(
            &parameters, iterationsMax: options.iterationsMax, tolerance: options.tolerance
        ) { point, gradient in
            let loss = self.loss(
                table, examples.labels, examples.weights, point, l2: options.l2, &gradient)
            for index in gradient.indices { gradient[index] /= rows }
            return loss / rows
        }
        return LogisticRegression(
            featureNames: examples.featureNames, means: means, deviations: deviations,
            coefficients: Array(parameters.dropLast()), constant: parameters[table.columns],
            limit: options.limit)
    }

    /// The function that training minimises, and its gradient; the last parameter is the constant.
    package static func loss(
        _ table: Matrix, _ labels: [Float], _ weights: [Float], _ parameters: [Double],
        l2: Double, _ gradient: inout [Double]
    ) -> Double {
        var loss = Logistic.linear(
            table, labels: labels, weights: weights, parameters: parameters, gradient: &gradient)
        for index in 0..<table.columns {
            loss += l2 * parameters[index] * parameters[index] / 2
            gradient[index] += l2 * parameters[index]
        }
        return loss
    }

    private static func moments(_ table: Matrix) -> ([Double], [Double]) {
        let shift = table.rows > 0 ? table.row(0).map { $0.isNaN ? 0 : Double($0) } : []
        // Sums around a value of the column: no digits lost when the mean is far from zero.
        let parts = Parallel.mapPieces(count: table.rows, grain: 8192) { piece in
            var sums = [SIMD4<Double>](repeating: .zero, count: table.columns)
            for row in piece {
                for column in 0..<table.columns {
                    let value = table.elements[row * table.columns + column]
                    if value.isNaN { continue }
                    let distance = Double(value) - shift[column]
                    sums[column] += SIMD4(1, distance, distance * distance, 0)
                }
            }
            return sums
        }
        var means = [Double](repeating: 0, count: table.columns)
        var deviations = [Double](repeating: 1, count: table.columns)
        for column in 0..<table.columns {
            let sums = parts.reduce(SIMD4<Double>.zero) { $0 + $1[column] }
            guard sums.x > 0 else { continue }
            let mean = sums.y / sums.x
            means[column] = mean + shift[column]
            let deviation = max(0, sums.z / sums.x - mean * mean).squareRoot()
            if deviation > 1e-9 * max(1, abs(means[column])) { deviations[column] = deviation }
        }
        return (means, deviations)
    }

    private static func standardised(
        _ table: Matrix, _ means: [Double], _ deviations: [Double], limit: Double
    ) -> Matrix {
        let parts = Parallel.mapPieces(count: table.rows, grain: 8192) { piece in
            var part: [Float] = []
            part.reserveCapacity(piece.count * table.columns)
            for row in piece {
                for column in 0..<table.columns {
                    let value = table.elements[row * table.columns + column]
                    part.append(
                        Float(
                            standardised(
                                value, mean: means[column], deviation: deviations[column],
                                limit: limit)))
                }
            }
            return part
        }
        return Matrix(rows: table.rows, columns: table.columns, elements: parts.flatMap { $0 })
    }
}
