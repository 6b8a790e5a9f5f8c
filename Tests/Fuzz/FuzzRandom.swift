import Randomness

import Randomness

/// The same seed and case, the same damage.
struct FuzzRandom: RandomNumberGenerator {
    private var mixer: SplitMix64

    init(seed: UInt64, case number: Int) {
        mixer = SplitMix64(
            seed: seed &* 0xd134_2543_de82_ef95 &+ UInt64(number) &* 0x2545_f491_4f6c_dd1d)
    }

    mutating func next() -> UInt64 { mixer.next() }

    mutating func below(_ limit: Int) -> Int { mixer.below(limit) }

    /// The bytes with a few changes: flipped bits, cuts, repeats, pieces of others, and numbers at
    /// the ends of their range.
    mutating func damage(_ bytes: [UInt8], splicing others: [[UInt8]] = []) -> [UInt8] {
        var changed = bytes
        for _ in 0...below(3) { change(&changed, others) }
        return changed
    }

    private mutating func change(_ bytes: inout [UInt8], _ others: [[UInt8]]) {
        let place = below(bytes.count + 1)
        let end = min(bytes.count, place + below(12))
        switch below(10) {
        case 0: if place < bytes.count { bytes[place] ^= 1 << UInt8(below(8)) }
        case 1: if place < bytes.count { bytes[place] = UInt8(truncatingIfNeeded: next()) }
        case 2: bytes.removeSubrange(place..<end)
        case 3: bytes.removeSubrange(place...)
        case 4: bytes.insert(contentsOf: bytes[place..<end], at: place)
        case 5: bytes.replaceSubrange(place..<end, with: Self.extremes[below(Self.extremes.count)])
        case 6: bytes.insert(contentsOf: Self.extremes[below(Self.extremes.count)], at: place)
        case 7 where !others.isEmpty:
            let other = others[below(others.count)]
            let from = below(other.count + 1)
            bytes.replaceSubrange(place..<end, with: other[from..<min(other.count, from + 40)])
        case 8: for at in place..<end { bytes[at] = 0 }
        default:
            // A varint in place of a byte, so that what follows stays where it is read.
            guard place < bytes.count else { return }
            let number = Self.extremes[below(Self.extremes.count)]
            bytes.replaceSubrange(place...place, with: number)
        }
    }

    /// Varints around the limits of every width and sign, and doubles that are no numbers.
    private static let extremes: [[UInt8]] = {
        let numbers: [UInt64] = [
            0, 1, 31, 32, 127, 128, 255, 256, 65_535, 65_536, 1 << 31 - 1, 1 << 31, 1 << 32 - 1,
            1 << 32, 1 << 53, 1 << 56, 1 << 62, 1 << 63 - 1, 1 << 63, .max - 1, .max,
            946_684_800_000, 253_402_300_799_999, 506_804_601_599_998,
        ]
        let varints = numbers.map { number in
            var bytes: [UInt8] = []
            var rest = number
            while rest >= 0x80 {
                bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
                rest >>= 7
            }
            return bytes + [UInt8(truncatingIfNeeded: rest)]
        }
        let doubles: [Double] = [
            .nan, .infinity, -.infinity, 1e308, -1e308, .leastNonzeroMagnitude, -0.0,
        ]
        let fixed = doubles.map { double in
            (0..<8).map { UInt8(truncatingIfNeeded: double.bitPattern >> UInt64(8 * $0)) }
        }
        return varints + fixed + [[UInt8](repeating: 0xff, count: 11)]
    }()
}
