package import Numerics
import Randomness

/// The isolation forest as the paper writes it (algorithms 1 to 3): trees as values, grown and
/// walked by recursion. Slow; tests hold the fast one against it.
package struct IsolationReference {
    indirect enum Tree {
        case leaf(rows: Int)
        case cut(column: Int, bound: Float, left: Tree, right: Tree)
    }

    private let trees: [Tree]
    private let medians: [Float]
    private let sampleSize: Int

    /// The same trees that ``IsolationForest/train(_:featureNames:options:)`` grows.
    package init(_ table: Matrix, options: IsolationForest.Options = .init()) {
        let sampleSize = min(options.sampleSize, table.rows)
        let medians = (0..<table.columns).map { column -> Float in
            let sorted = table.column(column).filter(\.isFinite).sorted()
            return sorted.isEmpty ? .nan : sorted[(sorted.count - 1) / 2]
        }
        let depthMax = IsolationForest.depthMax(sampleSize: sampleSize)
        self.sampleSize = sampleSize
        self.medians = medians
        trees = (0..<options.trees).map { number in
            var random = IsolationForest.generator(seed: options.seed, tree: number)
            let rows = IsolationForest.draw(sampleSize, of: table.rows, &random)
                .map { Self.filled(table.row($0), medians) }
            return Self.grow(rows, depth: 0, depthMax, &random)
        }
    }

    /// The score of one row.
    package func score(_ row: [Float]) -> Double {
        let row = Self.filled(row, medians)
        let lengths = trees.map { Self.length($0, row, 0) }
        let mean = lengths.reduce(0, +) / Double(max(1, lengths.count))
        return IsolationForest.score(pathLength: mean, sampleSize: sampleSize)
    }

    private static func filled(_ row: [Float], _ medians: [Float]) -> [Float] {
        zip(row, medians).map { $0.isFinite ? $0 : $1 }
    }

    private static func grow(
        _ rows: [[Float]], depth: Int, _ depthMax: Int, _ random: inout SeededRandom
    ) -> Tree {
        guard depth < depthMax, rows.count > 1, let first = rows.first else {
            return .leaf(rows: rows.count)
        }
        let differing = first.indices.filter { column in
            rows.contains { $0[column] != first[column] } && !first[column].isNaN
        }
        guard !differing.isEmpty else { return .leaf(rows: rows.count) }
        let column = differing[random.index(below: differing.count)]
        let values = rows.map { $0[column] }
        let bound = IsolationTreeGrower.bound(
            between: values.min() ?? 0, and: values.max() ?? 0, at: random.uniform())
        let left = grow(rows.filter { $0[column] <= bound }, depth: depth + 1, depthMax, &random)
        let right = grow(rows.filter { $0[column] > bound }, depth: depth + 1, depthMax, &random)
        return .cut(column: column, bound: bound, left: left, right: right)
    }

    private static func length(_ tree: Tree, _ row: [Float], _ depth: Int) -> Double {
        switch tree {
        case .leaf(let rows): Double(depth) + IsolationForest.averagePathLength(rows)
        case .cut(let column, let bound, let left, let right):
            length(row[column] <= bound ? left : right, row, depth + 1)
        }
    }
}
