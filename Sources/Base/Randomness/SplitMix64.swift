/// SplitMix64 (Steele, Lea and Flood 2014): 64 bits of state, which any number may fill. Seeds
/// larger generators, and makes the cases of tests: the same seed, the same test.
@usableFromInline
package struct SplitMix64: RandomNumberGenerator, Sendable {
    @usableFromInline var state: UInt64

    @inlinable
    package init(seed: UInt64) { state = seed }

    @inlinable
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// An index in `0..<limit`; a remainder, whose bias no test can see.
    package mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(max(1, limit))) }
}
