/// The half-step of implicit alternating least squares: every row of `x` moves towards the
/// minimum of Σ c·(1 − x·y)² + regularisation·|x|² with the rows of `y` fixed, by a few steps of
/// conjugate gradient from where it stands (Hu, Koren, Volinsky 2008; Takács et al. 2011).
package struct LeastSquaresSweep: Sendable {
    /// Confidence above one of each observed cell; an unobserved one counts one.
    package let confidence: SparseRows
    package let regularisation: Float
    /// Conjugate gradient steps; it stops earlier where the residual is gone.
    package let steps: Int

    package init(confidence: SparseRows, regularisation: Float, steps: Int) {
        self.confidence = confidence
        self.regularisation = regularisation
        self.steps = steps
    }

    /// Rows worked on together, so that their products with the Gram matrix are one GEMM.
    private static let block = 32

    /// yᵀ·y with the regularisation on its diagonal: the part all rows share.
    package static func normal(_ y: Matrix, regularisation: Float) -> Matrix {
        var normal = y.gram()
        for index in 0..<y.columns { normal[index, index] += regularisation }
        return normal
    }

    /// Improves every row of `x`.
    package func solve(_ x: inout Matrix, from y: Matrix) {
        solve(&x, from: y, normal: Self.normal(y, regularisation: regularisation))
    }

    /// The same with `normal` computed before.
    package func solve(_ x: inout Matrix, from y: Matrix, normal: Matrix) {
        let size = y.columns
        precondition(x.columns == size && x.rows == confidence.rowCount)
        precondition(confidence.columnCount == y.rows)
        precondition(normal.rows == size && normal.columns == size)
        let rows = x.rows
        x.elements.withLane { x in
            y.elements.withReading { y in
                normal.elements.withReading { normal in
                    confidence.columns.withReading { columns in
                        confidence.values.withReading { values in
                            let system = System(
                                size: size, y: y, normal: normal, offsets: confidence.offsets,
                                columns: columns, values: values)
                            Parallel.forEach(count: rows, grain: Self.block) { piece in
                                let part = x.part(piece.lowerBound * size, piece.count * size)
                                system.improve(part, rows: piece, steps: steps)
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What one half-step reads.
private struct System: Sendable {
    let size: Int
    let y: Reading<Float>
    let normal: Reading<Float>
    let offsets: [Int]
    let columns: Reading<Int32>
    let values: Reading<Float>

    @inline(__always)
    private func factor(_ entry: Int) -> Reading<Float> {
        y.part(Int(columns[entry]) * size, size)
    }

    func improve(_ x: Lane<Float>, rows: Range<Int>, steps: Int) {
        let total = rows.count * size
        var residual = [Float](repeating: 0, count: total)
        var product = [Float](repeating: 0, count: total)
        residual.withLane { residual in
            product.withLane { product in
                start(x, residual, product, rows: rows)
                var direction = [Float](repeating: 0, count: total)
                direction.withLane { direction in
                    for index in 0..<total { direction[index] = residual[index] }
                    descend(x, residual, direction, product, rows: rows, steps: steps)
                }
            }
        }
    }

    /// residual = right side − A·x.
    private func start(
        _ x: Lane<Float>, _ residual: Lane<Float>, _ product: Lane<Float>, rows: Range<Int>
    ) {
        multiply(Reading(x), into: product, rows: rows.count)
        for row in rows {
            let at = (row - rows.lowerBound) * size
            let point = Reading(x.part(at, size))
            let rest = residual.part(at, size)
            let shared = product.part(at, size)
            for index in 0..<size { rest[index] = -shared[index] }
            for entry in offsets[row]..<offsets[row + 1] {
                let factor = factor(entry)
                let extra = values[entry]
                let gap = 1 + extra - extra * Vectors.dot(factor, point, size)
                Vectors.add(gap, factor, to: rest, size)
            }
        }
    }

    private func descend(
        _ x: Lane<Float>, _ residual: Lane<Float>, _ direction: Lane<Float>,
        _ product: Lane<Float>, rows: Range<Int>, steps: Int
    ) {
        var squares = rows.map { row in
            let rest = Reading(residual.part((row - rows.lowerBound) * size, size))
            return Vectors.dot(rest, rest, size)
        }
        let enough = squares.map { max(1e-20, $0 * 1e-10) }
        for _ in 0..<steps {
            guard zip(squares, enough).contains(where: { $0 > $1 }) else { return }
            multiply(Reading(direction), into: product, rows: rows.count)
            for row in rows where squares[row - rows.lowerBound] > enough[row - rows.lowerBound] {
                let at = (row - rows.lowerBound) * size
                let heading = Reading(direction.part(at, size))
                let image = product.part(at, size)
                for entry in offsets[row]..<offsets[row + 1] {
                    let factor = factor(entry)
                    let pull = values[entry] * Vectors.dot(factor, heading, size)
                    Vectors.add(pull, factor, to: image, size)
                }
                let square = squares[row - rows.lowerBound]
                let step = square / Vectors.dot(heading, Reading(image), size)
                guard step.isFinite else {
                    squares[row - rows.lowerBound] = 0
                    continue
                }
                Vectors.add(step, heading, to: x.part(at, size), size)
                let rest = residual.part(at, size)
                Vectors.add(-step, Reading(image), to: rest, size)
                let next = Vectors.dot(Reading(rest), Reading(rest), size)
                let keep = next / square
                let turn = direction.part(at, size)
                for index in 0..<size { turn[index] = rest[index] + keep * turn[index] }
                squares[row - rows.lowerBound] = next
            }
        }
    }

    /// Each row of `a` times the shared matrix.
    private func multiply(_ a: Reading<Float>, into c: Lane<Float>, rows: Int) {
        if rows == 1 {
            BLAS.gemv(normal, rows: size, columns: size, a, into: c)
        } else {
            BLAS.gemm(a, normal, into: c, m: rows, n: size, k: size)
        }
    }
}
