import Foundation
package import Numerics
import Randomness

extension KMeans {
    /// Looks for clusters of the rows. Equal tables and options give equal centres, whatever the
    /// number of cores. With fewer different rows than clusters some centres are alike, and no row
    /// belongs to the later of them.
    package static func train(_ table: Matrix, options: Options = Options()) -> KMeans {
        precondition(table.rows > 0 && options.clusters > 0 && options.restarts > 0)
        var best: KMeans?
        for number in 0..<options.restarts {
            var random = SeededRandom(seed: options.seed &+ UInt64(number) &* 0x9E37_79B9)
            let first = beginning(table, clusters: options.clusters, &random)
            let found = lloyd(table, from: first, iterationsMax: options.iterationsMax)
            if found.inertia < best?.inertia ?? .infinity { best = found }
        }
        return best ?? KMeans(centres: table.selecting(rows: [0]), inertia: 0)
    }

    /// Rows far from each other, by chance: each next one is drawn by its squared distance to those
    /// before, several times, and the draw that leaves the least is taken (greedy k-means++; Arthur
    /// and Vassilvitskii 2007, section 5).
    static func beginning(
        _ table: Matrix, clusters: Int, _ random: inout SeededRandom
    ) -> Matrix {
        let tries = 2 + Int(log(Double(clusters)))
        var chosen = [random.index(below: table.rows)]
        var distances = squares(table, from: chosen[0])
        while chosen.count < clusters {
            let total = distances.reduce(0, +)
            var best: (row: Int, left: Double, distances: [Double])?
            for _ in 0..<tries {
                let row = total > 0 ? draw(distances, total, &random) : chosen[0]
                let nearer = zip(distances, squares(table, from: row)).map { min($0, $1) }
                let left = nearer.reduce(0, +)
                if left < best?.left ?? .infinity { best = (row, left, nearer) }
            }
            guard let best else { break }
            chosen.append(best.row)
            distances = best.distances
        }
        return table.selecting(rows: chosen)
    }

    private static func draw(
        _ weights: [Double], _ total: Double, _ random: inout SeededRandom
    ) -> Int {
        var left = random.uniform() * total
        for (row, weight) in weights.enumerated() {
            left -= weight
            if left < 0 { return row }
        }
        return weights.lastIndex { $0 > 0 } ?? 0
    }

    private static func squares(_ table: Matrix, from centre: Int) -> [Double] {
        let one = KMeans(centres: table.selecting(rows: [centre]), inertia: 0)
        let width = table.columns
        return Parallel.mapPieces(count: table.rows, grain: 1024) { piece in
            piece.map { row in
                let range = row * width..<(row + 1) * width
                return one.nearest(table.elements.span.extracting(range)).distance
            }
        }.flatMap { $0 }
    }

    /// Moves centres into the middle of their rows until no row changes. A centre without rows
    /// takes the row that is farthest from its own.
    static func lloyd(_ table: Matrix, from first: Matrix, iterationsMax: Int) -> KMeans {
        var centres = first
        var owners = [Int](repeating: -1, count: table.rows)
        for _ in 0..<iterationsMax {
            var nearest = assign(table, centres)
            fillEmpty(table, centres, &nearest)
            if nearest == owners { break }
            owners = nearest
            centres = means(table, owners, clusters: first.rows)
        }
        let ended = KMeans(centres: centres, inertia: 0)
        let width = table.columns
        let inertia = Parallel.mapPieces(count: table.rows, grain: 1024) { piece in
            piece.reduce(0.0) { sum, row in
                let range = row * width..<(row + 1) * width
                return sum + ended.nearest(table.elements.span.extracting(range)).distance
            }
        }.reduce(0, +)
        return KMeans(centres: centres, inertia: inertia)
    }

    /// The nearest centre of each row: the one with the least |c|² − 2 x·c.
    static func assign(_ table: Matrix, _ centres: Matrix) -> [Int] {
        let products = table.timesTransposed(centres)
        let lengths = (0..<centres.rows).map { centre -> Float in
            let row = centres.row(centre)
            return dot(row, row)
        }
        return Parallel.mapPieces(count: table.rows, grain: 1024) { piece in
            piece.map { row in
                var best = 0
                var least = Float.infinity
                for centre in 0..<centres.rows {
                    let distance =
                        lengths[centre] - 2 * products.elements[row * centres.rows + centre]
                    if distance < least { (best, least) = (centre, distance) }
                }
                return best
            }
        }.flatMap { $0 }
    }

    private static func fillEmpty(_ table: Matrix, _ centres: Matrix, _ owners: inout [Int]) {
        var counts = [Int](repeating: 0, count: centres.rows)
        for owner in owners { counts[owner] += 1 }
        guard counts.contains(0) else { return }
        let current = KMeans(centres: centres, inertia: 0)
        var far = owners.indices.map { current.nearest(table.row($0)).distance }
        for empty in counts.indices where counts[empty] == 0 {
            guard let row = far.indices.max(by: { (far[$0], $1) < (far[$1], $0) }), far[row] > 0,
                counts[owners[row]] > 1
            else { return }
            counts[owners[row]] -= 1
            owners[row] = empty
            counts[empty] = 1
            far[row] = 0
        }
    }

    static func means(_ table: Matrix, _ owners: [Int], clusters: Int) -> Matrix {
        let width = table.columns
        var sums = [Double](repeating: 0, count: clusters * width)
        var counts = [Double](repeating: 0, count: clusters)
        for (row, owner) in owners.enumerated() {
            counts[owner] += 1
            for column in 0..<width {
                sums[owner * width + column] += Double(table.elements[row * width + column])
            }
        }
        return Matrix(
            rows: clusters, columns: width,
            elements: sums.indices.map { Float(sums[$0] / max(counts[$0 / width], 1)) })
    }
}
