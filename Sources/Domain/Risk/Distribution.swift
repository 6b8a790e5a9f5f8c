/// How one number is spread over users: its values at even shares, from the least to the most.
package struct Distribution: Sendable, Equatable {
    /// Rising; empty where nothing is known.
    package let levels: [Float]
    /// Levels kept: a thousandth of the users lies between two.
    package static let levelsMax = 1001

    package init(levels: [Float]) { self.levels = levels }

    /// From values in any order; NaN is left out.
    package init(of values: [Float]) {
        let sorted = values.filter { !$0.isNaN }.sorted()
        guard sorted.count > Self.levelsMax else {
            levels = sorted
            return
        }
        let last = Self.levelsMax - 1
        levels = (0...last).map { sorted[$0 * (sorted.count - 1) / last] }
    }

    /// The share of users with a lower value; nil where nothing is known.
    package func shareBelow(_ value: Float) -> Double? {
        share { $0 < value }
    }

    /// The share of users with a higher value; nil where nothing is known.
    package func shareAbove(_ value: Float) -> Double? {
        share { $0 <= value }.map { 1 - $0 }
    }

    /// Levels rise, so those that pass come first.
    private func share(_ passes: (Float) -> Bool) -> Double? {
        guard !levels.isEmpty else { return nil }
        var low = 0
        var high = levels.count
        while low < high {
            let middle = (low + high) / 2
            if passes(levels[middle]) { low = middle + 1 } else { high = middle }
        }
        return Double(low) / Double(levels.count)
    }
}
