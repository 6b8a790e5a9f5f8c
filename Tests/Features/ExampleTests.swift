import Features
import Messages
import Randomness
import Testing

@Suite("Examples: features packed and unpacked")
struct ExampleTests {
    private static let odd: [Float] = [
        0, -0.0, .nan, -.nan, 1, 255, 256, 0.5, -1, .infinity, .leastNonzeroMagnitude, 254.5,
        1e20,
    ]

    @Test("every value comes back to the bit, in any number", arguments: 0..<14)
    func roundTrip(count: Int) throws {
        var random = SplitMix64(seed: UInt64(count))
        let features = Array(Self.odd.shuffled(using: &random).prefix(count))
        let packed = Example(userID: "u", timeMs: 5, features: features)
        var bytes: [UInt8] = []
        packed.encode(into: &bytes)
        let read = try Example(decoding: bytes)
        #expect(read.features?.map(\.bitPattern) == features.map(\.bitPattern))
    }

    @Test("zeros, unknowns and small counts take a byte or less, anything else four more")
    func size() {
        let light = [Float](repeating: 0, count: 100) + [Float](repeating: .nan, count: 60)
        let counts = (1...40).map { Float($0) }
        let packed = Example(userID: "", timeMs: 0, features: light + counts + [0.25])
        #expect(packed.kinds.count == 51 && packed.whole.count == 40 && packed.values == [0.25])
    }

    @Test("plain floats of an earlier version are read; parts that do not fit are refused")
    func others() {
        var plain = Example()
        plain.values = [1, 2.5]
        #expect(plain.features == [1, 2.5])
        let good = Example(userID: "u", timeMs: 5, features: [0, 3, 0.5, .nan, 7])
        for breach in 0..<6 {
            var bad = good
            switch breach {
            case 0: bad.count += 4
            case 1: bad.whole.removeLast()
            case 2: bad.whole.append(1)
            case 3: bad.values.removeLast()
            case 4: bad.values.append(1)
            default: bad.kinds.removeLast()
            }
            #expect(bad.features == nil, "breach \(breach)")
        }
    }
}
