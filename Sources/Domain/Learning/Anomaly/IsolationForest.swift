import Foundation
package import Numerics

/// How alone a row stands among others: random cuts part what is rare and different from the rest
/// sooner than what is common (isolation forest; Liu, Ting and Zhou 2008).
///
/// A missing value counts as the column's median: that somebody has no value is no evidence. A
/// column without two different values is not used; ``unused`` names it with the reason.
package struct IsolationForest: Sendable, Equatable {
    package let featureNames: [String]
    /// Rows that each tree was grown from.
    package let sampleSize: Int
    /// The middle value of each column in training; NaN for a column without values.
    package let medians: [Float]
    /// What each column was good for.
    package let columns: [ColumnUse]
    /// Leaves hold the length of their path, with what is left to cut in them.
    package let forest: Forest

    /// How the trees are grown.
    package struct Options: Sendable, Equatable {
        package var trees = 100
        /// Rows drawn for each tree, without putting back: few, so that crowds do not hide each
        /// other (swamping and masking in the paper).
        package var sampleSize = 256
        package var seed: UInt64 = 1

        package init() {}
    }

    package init(
        featureNames: [String], sampleSize: Int, medians: [Float], columns: [ColumnUse],
        forest: Forest
    ) {
        precondition(featureNames.count == forest.columns && medians.count == forest.columns)
        precondition(columns.count == forest.columns && sampleSize >= 0)
        self.featureNames = featureNames
        self.sampleSize = sampleSize
        self.medians = medians
        self.columns = columns
        self.forest = forest
    }

    /// Columns that no tree asks, and why.
    package var unused: [(feature: String, why: ColumnUse)] {
        zip(featureNames, columns).filter { $1 != .used }.map { ($0, $1) }
    }

    /// Cuts until the row is alone, in the mean over the trees.
    package func pathLength(_ row: [Float]) -> Double {
        guard !forest.roots.isEmpty else { return Self.averagePathLength(sampleSize) }
        return forest.sum(row) / Double(forest.roots.count)
    }

    /// 2^(−E(h) / c(ψ)): near 1 is alone, 0.5 and below is one of many. 0.5 where nothing is known.
    package func score(_ row: [Float]) -> Double {
        Self.score(pathLength: pathLength(row), sampleSize: sampleSize)
    }

    /// The score of every row; the same as one by one.
    package func scores(_ table: Matrix) -> [Double] {
        guard !forest.roots.isEmpty else { return Array(repeating: 0.5, count: table.rows) }
        var lengths = [Double](repeating: 0, count: table.rows)
        forest.add(table, to: &lengths)
        let trees = Double(forest.roots.count)
        return lengths.map { Self.score(pathLength: $0 / trees, sampleSize: sampleSize) }
    }

    /// How much of the score each column makes: what the score loses when the column alone has its
    /// median. Negative where the value makes the row more common.
    package func contributions(_ row: [Float]) -> [Double] {
        let whole = score(row)
        var changed = row
        return row.indices.map { place in
            guard columns[place] == .used, row[place].isFinite else { return 0 }
            changed[place] = medians[place]
            defer { changed[place] = row[place] }
            return whole - score(changed)
        }
    }

    static func score(pathLength: Double, sampleSize: Int) -> Double {
        let usual = averagePathLength(sampleSize)
        return usual > 0 ? exp2(-pathLength / usual) : 0.5
    }

    /// c(n), the mean length of an unsuccessful search in a binary search tree of n rows:
    /// 2 H(n − 1) − 2 (n − 1) / n, with H(i) ≈ ln i + 0.5772… (equation 1 of the paper).
    package static func averagePathLength(_ rows: Int) -> Double {
        if rows <= 1 { return 0 }
        if rows == 2 { return 1 }
        let count = Double(rows)
        return 2 * (log(count - 1) + 0.577_215_664_901_532_9) - 2 * (count - 1) / count
    }
}
