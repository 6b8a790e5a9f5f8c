import Foundation
package import Numerics
import Randomness

extension IsolationForest {
    /// Grows trees on `table`. Equal tables, names and options give equal forests, whatever the
    /// number of cores.
    package static func train(
        _ table: Matrix, featureNames: [String]? = nil, options: Options = Options()
    ) -> IsolationForest {
        let names = featureNames ?? (0..<table.columns).map { "f\($0)" }
        let facts = Parallel.map(count: table.columns) { columnFacts(table.column($0)) }
        let used = facts.indices.filter { facts[$0].column == .used }
        let medians = facts.map(\.median)
        let sampleSize = min(options.sampleSize, table.rows)
        let grown = Parallel.map(count: options.trees) { number in
            var random = generator(seed: options.seed, tree: number)
            let rows = draw(sampleSize, of: table.rows, &random)
            var grower = IsolationTreeGrower(table, rows: rows, columns: used, medians: medians)
            return grower.grow(&random)
        }
        var forest = Forest(columns: table.columns)
        for tree in grown { forest.append(tree) }
        return IsolationForest(
            featureNames: names, sampleSize: sampleSize, medians: medians,
            columns: facts.map(\.column), forest: forest)
    }

    /// What is not finite is no value here.
    private static func columnFacts(_ values: [Float]) -> (column: ColumnUse, median: Float) {
        let sorted = values.filter(\.isFinite).sorted()
        guard let first = sorted.first, let last = sorted.last else { return (.missing, .nan) }
        let median = sorted[(sorted.count - 1) / 2]
        return (first < last ? .used : .constant, median)
    }

    /// One generator per tree, so that trees can be grown in any order.
    static func generator(seed: UInt64, tree: Int) -> SeededRandom {
        SeededRandom(seed: seed &+ UInt64(tree) &* 0x9E37_79B9_7F4A_7C15)
    }

    /// `count` different numbers below `all` (Floyd's algorithm; Bentley and Floyd 1987).
    static func draw(_ count: Int, of all: Int, _ random: inout SeededRandom) -> [Int] {
        var taken: Set<Int> = []
        var order: [Int] = []
        for last in all - count..<all {
            let drawn = random.index(below: last + 1)
            let row = taken.contains(drawn) ? last : drawn
            taken.insert(row)
            order.append(row)
        }
        return order
    }

    /// Cuts at most: ⌈log₂ ψ⌉, the mean height of a tree, beyond which nobody is unusual.
    static func depthMax(sampleSize: Int) -> Int {
        sampleSize > 1 ? Int(log2(Double(sampleSize)).rounded(.up)) : 0
    }
}

/// Grows one tree over a dense copy of its few rows.
struct IsolationTreeGrower {
    private let columns: [Int]
    private let medians: [Float]
    /// Row after row, the used columns only, missing values replaced.
    private var values: [Float] = []
    /// Places of rows, parted as the tree grows.
    private var order: [Int]
    private let depthMax: Int

    init(_ table: Matrix, rows: [Int], columns: [Int], medians: [Float]) {
        self.columns = columns
        self.medians = medians
        order = Array(rows.indices)
        depthMax = IsolationForest.depthMax(sampleSize: rows.count)
        values.reserveCapacity(rows.count * columns.count)
        for row in rows {
            for column in columns {
                let value = table.elements[row * table.columns + column]
                values.append(value.isFinite ? value : medians[column])
            }
        }
    }

    /// Nodes with their children side by side behind them, the root first.
    mutating func grow(_ random: inout SeededRandom) -> [TreeNode] {
        var nodes = [TreeNode.leaf(0)]
        var open = [(node: 0, rows: 0..<order.count, depth: 0)]
        while let (node, rows, depth) = open.popLast() {
            guard depth < depthMax, rows.count > 1, let cut = cut(rows, &random) else {
                let length = Double(depth) + IsolationForest.averagePathLength(rows.count)
                nodes[node] = .leaf(Float(length))
                continue
            }
            let middle = part(rows, cut.place, cut.bound)
            let column = columns[cut.place]
            nodes[node] = TreeNode(
                column: Int32(column), bound: cut.bound, left: Int32(nodes.count),
                missing: medians[column] <= cut.bound ? 0 : 1)
            // The left side is grown first: it is on top of the stack.
            open.append((nodes.count + 1, middle..<rows.upperBound, depth + 1))
            open.append((nodes.count, rows.lowerBound..<middle, depth + 1))
            nodes += [.leaf(0), .leaf(0)]
        }
        return nodes
    }

    /// A column of those that differ within the rows, and a bound that leaves rows on both sides.
    private func cut(
        _ rows: Range<Int>, _ random: inout SeededRandom
    ) -> (place: Int, bound: Float)? {
        var differing: [(place: Int, least: Float, most: Float)] = []
        for place in columns.indices {
            var least = Float.infinity
            var most = -Float.infinity
            for row in rows {
                let value = values[order[row] * columns.count + place]
                least = min(least, value)
                most = max(most, value)
            }
            if least < most { differing.append((place, least, most)) }
        }
        guard !differing.isEmpty else { return nil }
        let chosen = differing[random.index(below: differing.count)]
        return (
            chosen.place,
            Self.bound(between: chosen.least, and: chosen.most, at: random.uniform())
        )
    }

    /// Never below `least`, always below `most`, whatever rounding does.
    static func bound(between least: Float, and most: Float, at share: Double) -> Float {
        let bound = Float(Double(least) + share * (Double(most) - Double(least)))
        return bound >= least && bound < most ? bound : least
    }

    /// Puts the rows up to the bound first, keeping their order; gives where the others begin.
    private mutating func part(_ rows: Range<Int>, _ place: Int, _ bound: Float) -> Int {
        var others: [Int] = []
        var next = rows.lowerBound
        for index in rows {
            let row = order[index]
            if values[row * columns.count + place] <= bound {
                order[next] = row
                next += 1
            } else {
                others.append(row)
            }
        }
        order.replaceSubrange(next..<rows.upperBound, with: others)
        return next
    }
}
