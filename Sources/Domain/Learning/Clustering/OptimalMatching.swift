/// Pairs of rows and columns with the largest sum of their values, each used once at most
/// (the Hungarian method with potentials; Kuhn 1955, Jonker and Volgenant 1987).
package enum OptimalMatching {
    /// The column of each row, nil where there are more rows than columns. `values` are ≥ 0 and
    /// rows have equal lengths.
    package static func match(_ values: [[Double]]) -> [Int?] {
        let rows = values.count
        let columns = values.first?.count ?? 0
        precondition(values.allSatisfy { $0.count == columns })
        guard rows > 0, columns > 0 else { return values.map { _ in nil } }
        guard rows <= columns else {
            let turned = (0..<columns).map { column in values.map { $0[column] } }
            var result = [Int?](repeating: nil, count: rows)
            for (column, row) in match(turned).enumerated() {
                if let row { result[row] = column }
            }
            return result
        }
        // Row 0 and column 0 stand for none; costs are the values' negatives.
        var rowPotential = [Double](repeating: 0, count: rows + 1)
        var columnPotential = [Double](repeating: 0, count: columns + 1)
        var owner = [Int](repeating: 0, count: columns + 1)
        for row in 1...rows {
            owner[0] = row
            var least = [Double](repeating: .infinity, count: columns + 1)
            var before = [Int](repeating: 0, count: columns + 1)
            var isDone = [Bool](repeating: false, count: columns + 1)
            var column = 0
            repeat {
                isDone[column] = true
                var next = 0
                var delta = Double.infinity
                for other in 1...columns where !isDone[other] {
                    let cost =
                        -values[owner[column] - 1][other - 1] - rowPotential[owner[column]]
                        - columnPotential[other]
                    if cost < least[other] { (least[other], before[other]) = (cost, column) }
                    if least[other] < delta { (delta, next) = (least[other], other) }
                }
                for other in 0...columns {
                    if isDone[other] {
                        rowPotential[owner[other]] += delta
                        columnPotential[other] -= delta
                    } else {
                        least[other] -= delta
                    }
                }
                column = next
            } while owner[column] != 0
            while column != 0 {
                owner[column] = owner[before[column]]
                column = before[column]
            }
        }
        var result = [Int?](repeating: nil, count: rows)
        for column in 1...columns where owner[column] > 0 { result[owner[column] - 1] = column - 1 }
        return result
    }
}
