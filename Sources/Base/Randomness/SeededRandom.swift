import Glibc

/// The generator of everything that draws at random: xoshiro256**, its state filled by SplitMix64
/// (Blackman and Vigna 2018). The same seed gives the same numbers on every machine.
@usableFromInline
package struct SeededRandom: RandomNumberGenerator, Sendable {
    @usableFromInline var state: (UInt64, UInt64, UInt64, UInt64)
    private var spare: Double?

    package init(seed: UInt64) {
        var mixer = SplitMix64(seed: seed)
        state = (mixer.next(), mixer.next(), mixer.next(), mixer.next())
    }

    @inlinable
    package mutating func next() -> UInt64 {
        let scrambled = state.1 &* 5
        let result = ((scrambled << 7) | (scrambled >> 57)) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = (state.3 << 45) | (state.3 >> 19)
        return result
    }

    /// A number in [0, 1) with 53 random bits.
    @inlinable
    package mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// True with the given probability.
    @inlinable
    package mutating func chance(_ probability: Double) -> Bool { uniform() < probability }

    /// An index in `0..<count`, without bias worth measuring (Lemire's multiply).
    @inlinable
    package mutating func index(below count: Int) -> Int {
        precondition(count > 0)
        return Int(next().multipliedFullWidth(by: UInt64(count)).high)
    }

    /// Exponential with mean 1.
    package mutating func exponential() -> Double { -log(1 - uniform()) }

    /// Standard normal by Marsaglia's polar method, which makes two numbers at once and keeps one.
    package mutating func normal() -> Double {
        if let kept = spare {
            spare = nil
            return kept
        }
        while true {
            let x = 2 * uniform() - 1
            let y = 2 * uniform() - 1
            let square = x * x + y * y
            if square > 0 && square < 1 {
                let scale = (-2 * log(square) / square).squareRoot()
                spare = y * scale
                return x * scale
            }
        }
    }

    /// Standard normal by Box and Muller, of exactly two draws: for those whose seeds are to keep
    /// their meaning whatever else is drawn between.
    package mutating func normalOfTwoDraws() -> Double {
        (-2 * log(1 - uniform())).squareRoot() * cos(2 * .pi * uniform())
    }
}
