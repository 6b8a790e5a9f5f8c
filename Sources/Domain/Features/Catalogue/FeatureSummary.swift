/// How the values of one feature are spread over users: counts and mean are exact, quantiles of a
/// sample.
package struct FeatureSummary: Sendable {
    /// Users whose value is known, and of these how many have another value than zero.
    package private(set) var known = 0
    package private(set) var nonZero = 0
    package private(set) var users = 0
    package private(set) var least = Double.infinity
    package private(set) var most = -Double.infinity
    private var sum = 0.0
    private var sample: [Float] = []
    private var random: UInt64 = 0

    /// Quantiles are exact up to so many users, and of a random sample of that size beyond.
    package static let sampleMax = 20_000

    package init() {}

    /// Adds one user's value; NaN is unknown.
    package mutating func add(_ value: Double) {
        users += 1
        guard !value.isNaN else { return }
        known += 1
        if value != 0 { nonZero += 1 }
        sum += value
        least = min(least, value)
        most = max(most, value)
        // Reservoir sampling (Vitter 1985, algorithm R), the same for the same order of users.
        guard sample.count >= Self.sampleMax else { return sample.append(Float(value)) }
        random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let place = Int((random >> 33) % UInt64(known))
        if place < Self.sampleMax { sample[place] = Float(value) }
    }

    /// Share of users whose value is known.
    package var coverage: Double { users == 0 ? .nan : Double(known) / Double(users) }
    package var mean: Double { known == 0 ? .nan : sum / Double(known) }

    /// Values at rising shares, interpolated between neighbours; NaN where nothing is known.
    package func quantiles(_ shares: [Double]) -> [Double] {
        let sorted = sample.sorted()
        guard let last = sorted.last else { return shares.map { _ in .nan } }
        return shares.map { share in
            let place = share * Double(sorted.count - 1)
            let low = Int(place)
            guard low + 1 < sorted.count else { return Double(last) }
            let part = place - Double(low)
            return Double(sorted[low]) * (1 - part) + Double(sorted[low + 1]) * part
        }
    }

    /// Users of the sample in `bins` equal parts between two values; what lies outside is in the
    /// outermost.
    package func histogram(from low: Double, to high: Double, bins: Int) -> [Int] {
        var counts = Array(repeating: 0, count: bins)
        guard high > low else { return counts }
        for value in sample {
            // Not a number where the value or a bound is infinite.
            let place = (Double(value) - low) / (high - low) * Double(bins)
            guard !place.isNaN else { continue }
            counts[Int(max(0, min(Double(bins - 1), place)))] += 1
        }
        return counts
    }
}
