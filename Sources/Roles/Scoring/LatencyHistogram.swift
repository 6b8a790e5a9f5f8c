/// Counts of durations on a logarithmic scale: four steps per doubling, from 1 µs to 1 h.
package struct LatencyHistogram: Sendable, Equatable {
    private var counts = [UInt64](repeating: 0, count: Self.size)
    package private(set) var total: UInt64 = 0

    private static let stepsPerDoubling = 4
    private static let size = 32 * stepsPerDoubling

    package init() {}

    package mutating func add(microseconds: UInt64) {
        counts[Self.place(microseconds)] += 1
        total += 1
    }

    /// The duration that this share of all lay at or below, in microseconds, within 25 %; 0 when
    /// empty.
    package func quantile(_ share: Double) -> Double {
        let wanted = UInt64((Double(total) * share).rounded(.up))
        var seen: UInt64 = 0
        for (place, count) in counts.enumerated() where count > 0 {
            seen += count
            if seen >= wanted { return Self.upperBound(place) }
        }
        return 0
    }

    /// Forgets half of everything, so that quantiles follow the present.
    package mutating func fade() {
        total = 0
        for place in counts.indices {
            counts[place] /= 2
            total += counts[place]
        }
    }

    /// Doubling by the leading bit, step by the two bits after it.
    private static func place(_ microseconds: UInt64) -> Int {
        let value = max(1, microseconds)
        let doubling = 63 - value.leadingZeroBitCount
        let step =
            doubling >= 2
            ? Int(value >> UInt64(doubling - 2)) & 3 : Int(value << UInt64(2 - doubling)) & 3
        return min(size - 1, doubling * stepsPerDoubling + step)
    }

    private static func upperBound(_ place: Int) -> Double {
        let doubling = place / stepsPerDoubling
        let step = place % stepsPerDoubling
        return Double(UInt64(1) << UInt64(doubling)) * (1 + Double(step + 1) / 4)
    }
}
