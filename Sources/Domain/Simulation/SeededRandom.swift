import Glibc

/// A small repeatable generator: xoshiro256**, seeded through SplitMix64 (Blackman and Vigna).
package struct SeededRandom: Sendable {
    private var state0: UInt64
    private var state1: UInt64
    private var state2: UInt64
    private var state3: UInt64

    package init(seed: UInt64) {
        var mixer = seed
        func next() -> UInt64 {
            mixer &+= 0x9E37_79B9_7F4A_7C15
            var word = mixer
            word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
            word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
            return word ^ (word >> 31)
        }
        state0 = next()
        state1 = next()
        state2 = next()
        state3 = next()
    }

    /// The next 64 bits.
    @inline(__always)
    package mutating func word() -> UInt64 {
        let scrambled = state1 &* 5
        let result = ((scrambled << 7) | (scrambled >> 57)) &* 9
        let shifted = state1 << 17
        state2 ^= state0
        state3 ^= state1
        state1 ^= state2
        state0 ^= state3
        state2 ^= shifted
        state3 = (state3 << 45) | (state3 >> 19)
        return result
    }

    /// Uniform in 0 ..< 1.
    @inline(__always)
    package mutating func unit() -> Double { Double(word() >> 11) * 0x1p-53 }

    /// True with the given probability.
    @inline(__always)
    package mutating func chance(_ probability: Double) -> Bool { unit() < probability }

    /// Uniform in 0 ..< bound; the bias of the multiplication is below 2⁻³² for our bounds.
    @inline(__always)
    package mutating func below(_ bound: Int) -> Int {
        Int(word().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// Exponential with mean 1.
    @inline(__always)
    package mutating func exponential() -> Double { -log(1 - unit()) }

    /// Standard normal by Box and Muller; the second value is thrown away to keep the state small.
    package mutating func normal() -> Double {
        (-2 * log(1 - unit())).squareRoot() * cos(2 * .pi * unit())
    }
}

/// Draws from a fixed discrete distribution in constant time (Walker's alias method).
struct AliasTable: Sendable {
    private var thresholds: [Float] = []
    private var aliases: [Int32] = []

    init(_ weights: [Double]) {
        let total = weights.reduce(0, +)
        precondition(!weights.isEmpty && total > 0, "a distribution needs a positive weight")
        let count = weights.count
        var scaled = weights.map { $0 / total * Double(count) }
        thresholds = Array(repeating: 1, count: count)
        aliases = (0..<count).map { Int32($0) }
        var small = scaled.indices.filter { scaled[$0] < 1 }
        var large = scaled.indices.filter { scaled[$0] >= 1 }
        while let low = small.popLast(), let high = large.last {
            thresholds[low] = Float(scaled[low])
            aliases[low] = Int32(high)
            scaled[high] -= 1 - scaled[low]
            if scaled[high] < 1 {
                large.removeLast()
                small.append(high)
            }
        }
    }

    @inline(__always)
    func draw(_ random: inout SeededRandom) -> Int {
        let at = random.below(thresholds.count)
        return Float(random.unit()) < thresholds[at] ? at : Int(aliases[at])
    }
}
