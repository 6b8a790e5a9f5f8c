import Foundation
package import Numerics

/// Rows of numbers and the answer of each, 0 or 1.
package struct Examples: Sendable, Equatable {
    package var featureNames: [String]
    package var table: Matrix
    package var labels: [Float]
    /// Empty: every row counts 1.
    package var weights: [Float]

    /// Traps when names, rows and labels do not fit together.
    package init(
        featureNames: [String]? = nil, table: Matrix, labels: [Float], weights: [Float] = []
    ) {
        self.featureNames = featureNames ?? (0..<table.columns).map { "f\($0)" }
        self.table = table
        self.labels = labels
        self.weights = weights
        precondition(self.featureNames.count == table.columns)
        precondition(labels.count == table.rows && labels.allSatisfy { $0 == 0 || $0 == 1 })
        precondition(weights.isEmpty || weights.count == labels.count)
    }

    package var count: Int { table.rows }

    package func selecting(_ rows: [Int]) -> Examples {
        Examples(
            featureNames: featureNames, table: table.selecting(rows: rows),
            labels: rows.map { labels[$0] },
            weights: weights.isEmpty ? [] : rows.map { weights[$0] })
    }

    /// The weighted share of yes, kept off 0 and 1.
    package var baseRate: Double {
        var yes = 0.0
        var all = 0.0
        for row in labels.indices {
            let weight = weights.isEmpty ? 1 : Double(weights[row])
            yes += weight * Double(labels[row])
            all += weight
        }
        guard all > 0 else { return 0.5 }
        return min(max(yes / all, 1e-6), 1 - 1e-6)
    }
}

extension GradientBoostedTrees {
    /// Grows trees on `examples`; with `validation`, stops by its log loss and keeps the best
    /// number of trees.
    package static func train(
        _ examples: Examples, validation: Examples? = nil, options: Options = Options()
    ) -> GradientBoostedTrees {
        let bounds = FeatureBins.bounds(of: examples.table, binsMax: options.binsMax)
        var grower = TreeGrower(
            BinnedTable(examples.table, bounds: bounds), options: options)
        let rate = examples.baseRate
        let base = log(rate / (1 - rate))
        var forest = Forest(columns: examples.table.columns)
        var gains = [[Double]]()
        var scores = [Double](repeating: base, count: examples.count)
        var held = [Double](repeating: base, count: validation?.count ?? 0)
        var best = (loss: Double.infinity, trees: 0)
        if let validation { best.loss = Self.loss(held, validation) }
        for number in 0..<options.trees {
            let tree = grower.grow(&scores, examples)
            if tree.nodes.count <= 1 { break }
            forest.append(tree.nodes)
            gains.append(tree.gains)
            guard let validation else { continue }
            forest.add(validation.table, from: number, to: &held)
            let loss = Self.loss(held, validation)
            if loss < best.loss { best = (loss, number + 1) }
            if number + 1 - best.trees >= options.patience { break }
        }
        if validation != nil {
            forest.cut(to: best.trees)
            gains.removeSubrange(best.trees...)
        }
        var sums = [Double](repeating: 0, count: examples.table.columns)
        for tree in gains { for (column, gain) in tree.enumerated() { sums[column] += gain } }
        return GradientBoostedTrees(
            featureNames: examples.featureNames, base: base, forest: forest, gains: sums)
    }

    private static func loss(_ scores: [Double], _ examples: Examples) -> Double {
        var sum = 0.0
        for row in scores.indices {
            let weight = examples.weights.isEmpty ? 1 : Double(examples.weights[row])
            sum += weight * Logistic.loss(scores[row], Double(examples.labels[row]))
        }
        return sum / Double(max(1, scores.count))
    }
}
