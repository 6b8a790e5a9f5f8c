/// Exponential decay by half-lives, in steps of one hour.
///
/// Factors come from repeated multiplication of IEEE doubles and not from `exp2`, whose last bit
/// depends on the machine's C library: the same log must give the same state, to the byte.
package struct Decay: Sendable {
    package static let msPerHour: Int64 = 3_600_000

    private let halfLifeHours: Int
    private let fractions: [Double]

    /// A decay that halves weights every `halfLifeHours` hours.
    package init(halfLifeHours: Int) {
        precondition(halfLifeHours > 0)
        self.halfLifeHours = halfLifeHours
        let step = Self.root(of: 2, degree: halfLifeHours)
        var fractions: [Double] = []
        var value = 1.0
        for _ in 0..<halfLifeHours {
            fractions.append(value)
            value *= step
        }
        self.fractions = fractions
    }

    /// 2^(hours / half-life), for positive and negative `hours`; exponents are clamped to ±900.
    @inline(__always)
    package func growth(hours: Int64) -> Double {
        let life = Int64(halfLifeHours)
        var whole = hours / life
        var rest = hours % life
        if rest < 0 {
            rest += life
            whole -= 1
        }
        let exponent = max(-900, min(900, whole))
        // A power of two is its exponent, with the bias of IEEE 754.
        return fractions[Int(rest)] * Double(bitPattern: UInt64(exponent + 1023) << 52)
    }

    /// Newton's method on IEEE operations only.
    private static func root(of value: Double, degree: Int) -> Double {
        var x = 1.0 + (value - 1) / Double(degree)
        for _ in 0..<200 {
            var power = 1.0
            for _ in 1..<max(degree, 1) { power *= x }
            let next = x - (power * x - value) / (Double(degree) * power)
            if next == x { break }
            x = next
        }
        return x
    }
}
