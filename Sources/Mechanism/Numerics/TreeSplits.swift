/// Sums of first and second derivatives.
package typealias Derivatives = SIMD2<Double>

/// What a split must satisfy and how it is scored.
package struct SplitRules: Sendable, Equatable {
    package var l2: Double
    package var childWeightMin: Double
    package var childRowsMin: Int
    package var gainMin: Double

    package init(l2: Double, childWeightMin: Double, childRowsMin: Int, gainMin: Double) {
        self.l2 = l2
        self.childWeightMin = childWeightMin
        self.childRowsMin = childRowsMin
        self.gainMin = gainMin
    }

    /// The loss a leaf with these derivatives takes away, times two.
    @inline(__always)
    func score(_ sums: Derivatives) -> Double { sums.x * sums.x / (sums.y + l2) }
}

/// The best way found to part the rows of a leaf.
package struct TreeSplit: Sendable, Equatable {
    package var gain: Double
    package var column: Int
    /// Rows whose bin is at most this go left.
    package var bin: Int
    package var missingGoesLeft: Bool
    package var left: Derivatives
    package var right: Derivatives
}

extension TreeSplit {
    /// Looks through one column's histogram; `share` is rows per unit of second derivative.
    static func best(
        column: Int, histogram: Reading<Derivatives>, bins: Int, hasMissing: Bool,
        total: Derivatives, share: Double, rules: SplitRules, beating best: inout TreeSplit?
    ) {
        let parent = rules.score(total)
        let missing = histogram[BinnedTable.missing]
        var limit = max(best?.gain ?? rules.gainMin, rules.gainMin)
        let rowsMin = Double(rules.childRowsMin) - 0.5
        for missingLeft in [false, true] where hasMissing || !missingLeft {
            var left = missingLeft ? missing : .zero
            // Without missing values the last bin would leave nothing on the right.
            let last = hasMissing && !missingLeft ? bins : bins - 1
            for bin in 0..<max(0, last) {
                left += histogram[bin]
                let right = total - left
                if left.y < rules.childWeightMin || left.y * share < rowsMin { continue }
                if right.y < rules.childWeightMin || right.y * share < rowsMin { break }
                let gain = rules.score(left) + rules.score(right) - parent
                if gain > limit {
                    limit = gain
                    best = TreeSplit(
                        gain: gain, column: column, bin: bin,
                        missingGoesLeft: hasMissing ? missingLeft : left.y >= right.y,
                        left: left, right: right)
                }
            }
        }
    }
}
