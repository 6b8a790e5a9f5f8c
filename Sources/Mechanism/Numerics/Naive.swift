/// Plain loops that say what the fast kernels must give; the oracle of their tests.
package enum Naive {
    package static func dot(_ a: [Float], _ b: [Float]) -> Float {
        precondition(a.count == b.count)
        var sum = 0.0
        for index in a.indices { sum += Double(a[index]) * Double(b[index]) }
        return Float(sum)
    }

    package static func times(_ a: Matrix, _ b: Matrix) -> Matrix {
        precondition(a.columns == b.rows)
        var result = Matrix(rows: a.rows, columns: b.columns)
        for row in 0..<a.rows {
            for column in 0..<b.columns {
                var sum = 0.0
                for inner in 0..<a.columns {
                    sum += Double(a[row, inner]) * Double(b[inner, column])
                }
                result[row, column] = Float(sum)
            }
        }
        return result
    }

    package static func transposed(_ a: Matrix) -> Matrix {
        var result = Matrix(rows: a.columns, columns: a.rows)
        for row in 0..<a.rows {
            for column in 0..<a.columns { result[column, row] = a[row, column] }
        }
        return result
    }

    /// The indices of the `k` largest scores, ties by the lower index, `excluded` left out.
    package static func topK(_ scores: [Float], k: Int, excluding excluded: Set<Int>) -> [Int] {
        let order = scores.indices.filter { !excluded.contains($0) && !scores[$0].isNaN }
            .sorted { (-scores[$0], $0) < (-scores[$1], $1) }
        return Array(order.prefix(k))
    }
}
