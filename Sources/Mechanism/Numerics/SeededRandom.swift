import Foundation

/// A seeded generator (xoshiro256**, state filled by SplitMix64; Blackman and Vigna 2018): the
/// same seed gives the same numbers on every machine.
package struct SeededRandom: RandomNumberGenerator, Sendable {
    private var state: (UInt64, UInt64, UInt64, UInt64)
    private var spare: Double?

    package init(seed: UInt64) {
        var seed = seed
        func mix() -> UInt64 {
            seed &+= 0x9E37_79B9_7F4A_7C15
            var z = seed
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
        state = (mix(), mix(), mix(), mix())
    }

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
    package mutating func uniform() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// An index in `0..<count`, without bias worth measuring (Lemire's multiply).
    package mutating func index(below count: Int) -> Int {
        precondition(count > 0)
        return Int(next().multipliedFullWidth(by: UInt64(count)).high)
    }

    /// A standard normal number (Marsaglia's polar method).
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
}
