/// The system matrix was not positive definite.
package struct NotPositiveDefinite: Error, Equatable {
    package init() {}
}

/// Solves A·x = b for a symmetric positive definite A; only its lower triangle is read.
package func choleskySolve(_ a: Matrix, _ b: [Float]) throws(NotPositiveDefinite) -> [Float] {
    precondition(a.rows == a.columns && a.rows == b.count)
    precondition(a.elements.count == a.rows * a.columns, "a matrix has its shape")
    var factor = a.elements.map(Double.init)
    var x = b.map(Double.init)
    let solved = factor.withLane { l in x.withLane { choleskySolve(l, $0, size: a.rows) } }
    guard solved else { throw NotPositiveDefinite() }
    return x.map { Float($0) }
}

/// Overwrites the lower triangle of `a` with its factor and `x` (the right side) with the
/// solution; false when `a` is not positive definite.
func choleskySolve(_ a: Lane<Double>, _ x: Lane<Double>, size n: Int) -> Bool {
    for column in 0..<n {
        for row in column..<n {
            var sum = a[row * n + column]
            for inner in 0..<column { sum -= a[row * n + inner] * a[column * n + inner] }
            if row == column {
                guard sum > 0, sum.isFinite else { return false }
                a[row * n + row] = sum.squareRoot()
            } else {
                a[row * n + column] = sum / a[column * n + column]
            }
        }
    }
    for row in 0..<n {
        var sum = x[row]
        for inner in 0..<row { sum -= a[row * n + inner] * x[inner] }
        x[row] = sum / a[row * n + row]
    }
    for row in stride(from: n - 1, through: 0, by: -1) {
        var sum = x[row]
        for inner in row + 1..<n { sum -= a[inner * n + row] * x[inner] }
        x[row] = sum / a[row * n + row]
    }
    return true
}
