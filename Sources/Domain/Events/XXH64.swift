import Messages

/// XXH64, the hash that places users on partitions for ever, and finds names within one user's own
/// state. Anybody can make texts with equal hashes: what many share is hashed with a ``HashKey``.
///
/// Algorithm: Yann Collet, xxHash specification, section XXH64. Known answers are in the tests.
package enum XXH64 {
    private static let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
    private static let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
    private static let prime3: UInt64 = 0x1656_67B1_9E37_79F9
    private static let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
    private static let prime5: UInt64 = 0x27D4_EB2F_1656_67C5

    /// Hash of the bytes at `range` of `bytes`.
    package static func hash(
        _ bytes: Span<UInt8>, in range: Range<Int>, seed: UInt64 = 0
    ) -> UInt64 {
        hash(bytes.extracting(range), seed: seed)
    }

    /// Hash of all of a text.
    package static func hash(_ text: Span<UInt8>, seed: UInt64 = 0) -> UInt64 {
        var at = 0
        var result: UInt64
        if text.count >= 32 {
            result = stripes(text, &at, seed)
        } else {
            result = seed &+ prime5
        }
        result &+= UInt64(truncatingIfNeeded: text.count)
        while at &+ 8 <= text.count {
            result ^= round(0, text.load64(at))
            result = rotate(result, 27) &* prime1 &+ prime4
            at &+= 8
        }
        if at &+ 4 <= text.count {
            result ^= UInt64(text.load32(at)) &* prime1
            result = rotate(result, 23) &* prime2 &+ prime3
            at &+= 4
        }
        while at < text.count {
            result ^= UInt64(text[at]) &* prime5
            result = rotate(result, 11) &* prime1
            at &+= 1
        }
        return avalanche(result)
    }

    package static func hash(_ text: String) -> UInt64 {
        hash(text.utf8.span)
    }

    private static func stripes(
        _ text: Span<UInt8>, _ at: inout Int, _ seed: UInt64
    ) -> UInt64 {
        var lane1 = seed &+ prime1 &+ prime2
        var lane2 = seed &+ prime2
        var lane3 = seed
        var lane4 = seed &- prime1
        repeat {
            lane1 = round(lane1, text.load64(at))
            lane2 = round(lane2, text.load64(at + 8))
            lane3 = round(lane3, text.load64(at + 16))
            lane4 = round(lane4, text.load64(at + 24))
            at &+= 32
        } while at &+ 32 <= text.count
        var result =
            rotate(lane1, 1) &+ rotate(lane2, 7) &+ rotate(lane3, 12) &+ rotate(lane4, 18)
        result = merge(result, lane1)
        result = merge(result, lane2)
        result = merge(result, lane3)
        return merge(result, lane4)
    }

    @inline(__always)
    private static func round(_ lane: UInt64, _ input: UInt64) -> UInt64 {
        rotate(lane &+ input &* prime2, 31) &* prime1
    }

    @inline(__always)
    private static func merge(_ result: UInt64, _ lane: UInt64) -> UInt64 {
        (result ^ round(0, lane)) &* prime1 &+ prime4
    }

    @inline(__always)
    private static func avalanche(_ value: UInt64) -> UInt64 {
        var result = value
        result = (result ^ (result >> 33)) &* prime2
        result = (result ^ (result >> 29)) &* prime3
        return result ^ (result >> 32)
    }

    @inline(__always)
    private static func rotate(_ value: UInt64, _ by: UInt64) -> UInt64 {
        (value << by) | (value >> (64 - by))
    }
}
