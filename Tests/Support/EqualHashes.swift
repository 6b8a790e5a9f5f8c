/// Makes texts with one XXH64, as anybody can: each step of the algorithm can be undone, so of
/// three words of eight bytes the first is a number, the second is what brings the state to a
/// wanted one, and the third is the same for all.
///
/// The second word is any 64 bits; numbers are tried until it is ASCII, one in 256. Seed 0.
package struct EqualHashes {
    private static let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
    private static let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
    private static let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
    private static let prime5: UInt64 = 0x27D4_EB2F_1656_67C5
    private static let length: UInt64 = 24
    private static let last: [UInt8] = Array("-visitor".utf8)

    private let inverse1 = Self.inverse(of: Self.prime1)
    private let inverse2 = Self.inverse(of: Self.prime2)
    /// What the state is to be once the second word is mixed in, before it is turned.
    private let wanted: UInt64
    private var number: UInt64

    /// Other seeds, of 0 to 15, give other texts of another hash.
    package init(seed: UInt64) {
        let target = 0x0123_4567_89AB_CDEF &* (seed | 1)
        wanted = Self.rotated((target &- Self.prime4) &* Self.inverse(of: Self.prime1), 37)
        number = (seed & 0xF) << 28
    }

    /// So many texts, every one new; `isPlain` ones, of letters, digits, "-" and "_", take some 300
    /// times as long to find.
    package mutating func next(_ count: Int, isPlain: Bool = false) -> [String] {
        var made: [String] = []
        made.reserveCapacity(count)
        while made.count < count {
            number &+= 1
            let first = Self.digits(number)
            let second = word(after: first)
            if second & 0x8080_8080_8080_8080 == 0, !isPlain || Self.isPlain(second) {
                let bytes = Self.bytes(first) + Self.bytes(second) + Self.last
                made.append(String(decoding: bytes, as: UTF8.self))
            }
        }
        return made
    }

    private static func isPlain(_ word: UInt64) -> Bool {
        bytes(word).allSatisfy { byte in
            let isLetter = (0x61...0x7a).contains(byte | 0x20) && byte >= 0x41
            return isLetter || (0x30...0x39).contains(byte) || byte == 0x2d || byte == 0x5f
        }
    }

    /// The word that brings the state to the wanted one.
    private func word(after first: UInt64) -> UInt64 {
        var state = Self.prime5 &+ Self.length
        let product = first &* Self.prime2
        state ^= ((product << 31) | (product >> 33)) &* Self.prime1
        state = ((state << 27) | (state >> 37)) &* Self.prime1 &+ Self.prime4
        let mixed = (state ^ wanted) &* inverse1
        return ((mixed >> 31) | (mixed << 33)) &* inverse2
    }

    /// Sixteen values of each byte are letters from "a" on: 32 bits make eight of them.
    private static func digits(_ number: UInt64) -> UInt64 {
        var spread = (number | number << 16) & 0x0000_FFFF_0000_FFFF
        spread = (spread | spread << 8) & 0x00FF_00FF_00FF_00FF
        spread = (spread | spread << 4) & 0x0F0F_0F0F_0F0F_0F0F
        return spread &+ 0x6161_6161_6161_6161
    }

    private static func bytes(_ word: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64($0 * 8)) }
    }

    private static func rotated(_ value: UInt64, _ by: UInt64) -> UInt64 {
        (value << by) | (value >> (64 - by))
    }

    /// Of an odd number modulo 2⁶⁴, by Newton's iteration.
    private static func inverse(of value: UInt64) -> UInt64 {
        var result = value
        for _ in 0..<6 { result = result &* (2 &- value &* result) }
        return result
    }
}
