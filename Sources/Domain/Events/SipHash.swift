import Messages

/// SipHash, a hash with a key of 128 bits: who does not know the key cannot make two texts with one
/// hash, nor tell where any text lies in a table.
///
/// Algorithm: J.-P. Aumasson, D. J. Bernstein, "SipHash: a fast short-input PRF", 2012. Its known
/// answers are in the tests. Rounds are arguments, because those are published for 2-4 and
/// everything here uses 1-3, as Swift's own dictionaries do.
enum SipHash {
    /// 64 bits of the bytes at `range` of `bytes`.
    @inline(__always)
    static func hash(
        _ bytes: Span<UInt8>, in range: Range<Int>, key: (UInt64, UInt64),
        rounds: Int = 1, lastRounds: Int = 3
    ) -> UInt64 {
        var state = State(key)
        state.take(bytes.extracting(range), rounds)
        state.v2 ^= 0xff
        for _ in 0..<lastRounds { state.round() }
        return state.folded
    }

    /// 128 bits, for what stands for a text by itself.
    @inline(__always)
    static func digest(
        _ bytes: Span<UInt8>, in range: Range<Int>, key: (UInt64, UInt64),
        rounds: Int = 1, lastRounds: Int = 3
    ) -> (UInt64, UInt64) {
        var state = State(key)
        state.v1 ^= 0xee
        state.take(bytes.extracting(range), rounds)
        state.v2 ^= 0xee
        for _ in 0..<lastRounds { state.round() }
        let first = state.folded
        state.v1 ^= 0xdd
        for _ in 0..<lastRounds { state.round() }
        return (first, state.folded)
    }

    private struct State {
        var v0: UInt64
        var v1: UInt64
        var v2: UInt64
        var v3: UInt64

        @inline(__always)
        init(_ key: (UInt64, UInt64)) {
            // "somepseudorandomlygeneratedbytes"
            v0 = key.0 ^ 0x736f_6d65_7073_6575
            v1 = key.1 ^ 0x646f_7261_6e64_6f6d
            v2 = key.0 ^ 0x6c79_6765_6e65_7261
            v3 = key.1 ^ 0x7465_6462_7974_6573
        }

        var folded: UInt64 { v0 ^ v1 ^ v2 ^ v3 }

        @inline(__always)
        mutating func take(_ text: Span<UInt8>, _ rounds: Int) {
            var at = 0
            while at &+ 8 <= text.count {
                take(text.load64(at), rounds)
                at &+= 8
            }
            let length = UInt64(truncatingIfNeeded: text.count)
            take(SipHash.rest(text, at) | length << 56, rounds)
        }

        @inline(__always)
        private mutating func take(_ word: UInt64, _ rounds: Int) {
            v3 ^= word
            for _ in 0..<rounds { round() }
            v0 ^= word
        }

        @inline(__always)
        mutating func round() {
            v0 &+= v1
            v1 = SipHash.rotate(v1, 13) ^ v0
            v0 = SipHash.rotate(v0, 32)
            v2 &+= v3
            v3 = SipHash.rotate(v3, 16) ^ v2
            v0 &+= v3
            v3 = SipHash.rotate(v3, 21) ^ v0
            v2 &+= v1
            v1 = SipHash.rotate(v1, 17) ^ v2
            v2 = SipHash.rotate(v2, 32)
        }
    }

    /// The last bytes, fewer than eight, least significant first.
    @inline(__always)
    private static func rest(_ text: Span<UInt8>, _ at: Int) -> UInt64 {
        let count = text.count &- at
        // One load that overlaps what was taken already beats up to seven of single bytes.
        if count > 0, at > 0 {
            return text.load64(text.count &- 8) &>> UInt64(truncatingIfNeeded: 64 &- count &* 8)
        }
        if count >= 4 {
            let above = UInt64(truncatingIfNeeded: (count &- 4) &* 8)
            return UInt64(text.load32(at)) | UInt64(text.load32(text.count &- 4)) &<< above
        }
        var word: UInt64 = 0
        for place in 0..<count { word |= UInt64(text[at &+ place]) << UInt64(place * 8) }
        return word
    }

    @inline(__always)
    private static func rotate(_ value: UInt64, _ by: UInt64) -> UInt64 {
        (value << by) | (value >> (64 - by))
    }
}
