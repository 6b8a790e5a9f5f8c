import Numerics
import Randomness

/// A figure with the range it would mostly fall in on other samples of the same kind.
package struct Interval: Sendable, Equatable {
    package let value: Double
    package let low: Double
    package let high: Double
}

/// Confidence intervals by drawing samples again (Efron 1979), seeded.
package enum Bootstrap {
    /// The percentile interval of the mean.
    package static func mean(
        _ values: [Double], seed: UInt64, draws: Int = 1000, level: Double = 0.95
    ) -> Interval {
        interval(count: values.count, seed: seed, draws: draws, level: level) { rows in
            rows.isEmpty ? 0 : rows.reduce(0) { $0 + values[$1] } / Double(rows.count)
        }
    }

    /// The percentile interval of any figure that can be had from row numbers.
    package static func interval(
        count: Int, seed: UInt64, draws: Int = 1000, level: Double = 0.95,
        _ figure: ([Int]) -> Double
    ) -> Interval {
        let whole = figure(Array(0..<count))
        guard count > 0, draws > 0 else { return Interval(value: whole, low: whole, high: whole) }
        var random = SeededRandom(seed: seed)
        var figures: [Double] = []
        for _ in 0..<draws {
            figures.append(figure((0..<count).map { _ in random.index(below: count) }))
        }
        figures.sort()
        let tail = (1 - level) / 2
        let low = Int(Double(draws - 1) * tail)
        return Interval(value: whole, low: figures[low], high: figures[draws - 1 - low])
    }
}
