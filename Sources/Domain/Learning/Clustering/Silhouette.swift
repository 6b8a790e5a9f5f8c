package import Numerics

/// How well rows lie in their clusters: (b − a) ÷ max(a, b), where a is the mean distance to the
/// row's own cluster and b to the nearest other one (Rousseeuw 1987). 1 is apart, 0 is between.
package enum Silhouette {
    /// The mean over all rows; a row alone in its cluster counts as 0. Nil with fewer than two
    /// clusters. Costs rows² distances: give a sample.
    package static func mean(_ table: Matrix, owners: [Int]) -> Double? {
        precondition(owners.count == table.rows)
        let clusters = (owners.max() ?? 0) + 1
        var counts = [Double](repeating: 0, count: clusters)
        for owner in owners { counts[owner] += 1 }
        guard counts.filter({ $0 > 0 }).count > 1 else { return nil }
        let products = table.timesTransposed(table)
        let rows = table.rows
        let sums = Parallel.mapPieces(count: rows, grain: 64) { [counts] piece in
            piece.reduce(0.0) { total, row in
                var distances = [Double](repeating: 0, count: clusters)
                let own = products.elements[row * rows + row]
                for other in 0..<rows where other != row {
                    let square =
                        own + products.elements[other * rows + other]
                        - 2 * products.elements[row * rows + other]
                    distances[owners[other]] += Double(max(square, 0)).squareRoot()
                }
                let owner = owners[row]
                guard counts[owner] > 1 else { return total }
                let inside = distances[owner] / (counts[owner] - 1)
                let outside =
                    (0..<clusters).filter { $0 != owner && counts[$0] > 0 }
                    .map { distances[$0] / counts[$0] }.min() ?? 0
                let most = max(inside, outside)
                return total + (most > 0 ? (outside - inside) / most : 0)
            }
        }
        return sums.reduce(0, +) / Double(rows)
    }
}
