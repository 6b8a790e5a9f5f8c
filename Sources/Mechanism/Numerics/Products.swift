/// Rows of a product handled as one piece; fixed, so that results do not depend on the cores.
private let productRows = 256

extension Matrix {
    /// self · other.
    package func times(_ other: Matrix) -> Matrix {
        precondition(columns == other.rows)
        return product(other, inner: columns, width: other.columns, transposed: false)
    }

    /// self · otherᵀ: the dot product of every row with every row.
    package func timesTransposed(_ other: Matrix) -> Matrix {
        precondition(columns == other.columns)
        return product(other, inner: columns, width: other.rows, transposed: true)
    }

    private func product(_ other: Matrix, inner: Int, width: Int, transposed: Bool) -> Matrix {
        var result = Matrix(rows: rows, columns: width)
        elements.withReading { a in
            other.elements.withReading { b in
                result.elements.withLane { c in
                    Parallel.forEach(count: rows, grain: productRows) { piece in
                        BLAS.gemm(
                            a.part(piece.lowerBound * inner, piece.count * inner), b,
                            transposedB: transposed,
                            into: c.part(piece.lowerBound * width, piece.count * width),
                            m: piece.count, n: width, k: inner)
                    }
                }
            }
        }
        return result
    }

    /// self · vector.
    package func times(_ vector: [Float]) -> [Float] {
        precondition(columns == vector.count)
        var result = [Float](repeating: 0, count: rows)
        elements.withReading { a in
            vector.withReading { x in
                result.withLane { BLAS.gemv(a, rows: rows, columns: columns, x, into: $0) }
            }
        }
        return result
    }

    /// selfᵀ · vector.
    package func transposedTimes(_ vector: [Float]) -> [Float] {
        precondition(rows == vector.count)
        var result = [Float](repeating: 0, count: columns)
        elements.withReading { a in
            vector.withReading { x in
                result.withLane {
                    BLAS.gemv(a, rows: rows, columns: columns, transposed: true, x, into: $0)
                }
            }
        }
        return result
    }

    /// selfᵀ · self, both triangles filled.
    package func gram() -> Matrix {
        var result = Matrix(rows: columns, columns: columns)
        elements.withReading { a in
            result.elements.withLane { c in
                BLAS.syrk(a, rows: rows, columns: columns, into: c)
                for row in 0..<columns {
                    for column in 0..<row { c[row * columns + column] = c[column * columns + row] }
                }
            }
        }
        return result
    }
}

/// The dot product; traps when the lengths differ.
package func dot(_ a: [Float], _ b: [Float]) -> Float {
    a.withReading { a in b.withReading { b in BLAS.dot(a, b) } }
}
