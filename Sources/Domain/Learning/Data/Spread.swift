/// Mean and standard deviation of numbers, over all of them (÷ n).
package struct Spread: Sendable, Equatable {
    package let mean: Double
    package let deviation: Double

    /// NaN for no numbers.
    package init(of values: [Double]) {
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        self.mean = mean
        deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
    }
}
