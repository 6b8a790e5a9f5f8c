import Foundation

/// The logistic function and the loss that goes with it.
package enum Logistic {
    /// 1 / (1 + e^−score), without overflow.
    @inline(__always)
    package static func chance(_ score: Double) -> Double {
        if score >= 0 { return 1 / (1 + exp(-score)) }
        let e = exp(score)
        return e / (1 + e)
    }

    /// −log of the chance given to `label` (0 or 1).
    @inline(__always)
    package static func loss(_ score: Double, _ label: Double) -> Double {
        max(score, 0) - score * label + log1p(exp(-abs(score)))
    }

    /// Rows summed as one piece; fixed, so that sums do not depend on the cores.
    private static let grain = 2048

    /// The summed loss of a linear model over `table` and, in `gradient`, its derivatives; the
    /// last of `parameters` is the constant.
    package static func linear(
        _ table: Matrix, labels: [Float], weights: [Float], parameters: [Double],
        gradient: inout [Double]
    ) -> Double {
        let width = table.columns
        precondition(parameters.count == width + 1 && labels.count == table.rows)
        precondition(weights.isEmpty || weights.count == table.rows)
        let slopes = parameters.dropLast().map { Float($0) }
        let constant = parameters[width]
        let parts = table.elements.withReading { elements in
            slopes.withReading { slopes in
                labels.withReading { labels in
                    weights.withReading { weights in
                        Parallel.mapPieces(count: table.rows, grain: grain) { piece in
                            var gaps = [Float](repeating: 0, count: piece.count)
                            var slope = [Float](repeating: 0, count: width)
                            var loss = 0.0
                            var shift = 0.0
                            let part = elements.part(piece.lowerBound * width, piece.count * width)
                            gaps.withLane { gaps in
                                BLAS.gemv(
                                    part, rows: piece.count, columns: width, slopes, into: gaps)
                                for index in 0..<piece.count {
                                    let row = piece.lowerBound + index
                                    let score = Double(gaps[index]) + constant
                                    let label = Double(labels[row])
                                    let weight = weights.count == 0 ? 1 : Double(weights[row])
                                    loss += weight * Logistic.loss(score, label)
                                    let gap = weight * (chance(score) - label)
                                    shift += gap
                                    gaps[index] = Float(gap)
                                }
                                slope.withLane {
                                    BLAS.gemv(
                                        part, rows: piece.count, columns: width, transposed: true,
                                        Reading(gaps), into: $0)
                                }
                            }
                            return (loss, slope, shift)
                        }
                    }
                }
            }
        }
        var loss = 0.0
        gradient = [Double](repeating: 0, count: width + 1)
        for part in parts {
            loss += part.0
            for index in 0..<width { gradient[index] += Double(part.1[index]) }
            gradient[width] += part.2
        }
        return loss
    }
}
