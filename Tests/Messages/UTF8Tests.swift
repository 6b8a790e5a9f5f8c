import Messages
import Randomness
import Testing

@Suite("Texts are checked as the standard library checks them")
struct UTF8Tests {
    /// Bytes at the edges of every class of table 3-7.
    private static let edges: [UInt8] = [
        0x00, 0x61, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1,
        0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff,
    ]

    private func accepts(_ text: [UInt8]) -> Bool {
        var encoded: [UInt8] = []
        encoded.write(2, text)
        return (try? EventFields(encoded.span, 0..<encoded.count)) != nil
    }

    @Test("Every sequence of edge bytes up to four", arguments: edges)
    func sequences(first: UInt8) {
        var wrong: [[UInt8]] = []
        func check(_ text: [UInt8]) {
            let expected = String(validating: text, as: UTF8.self) != nil
            if accepts(text) != expected { wrong.append(text) }
        }
        check([first])
        for second in UInt8.min...UInt8.max {
            check([first, second])
            if !Self.edges.contains(second) { continue }
            for third in Self.edges {
                check([first, second, third])
                // Only these leads take four bytes.
                if first < 0xf0 { continue }
                for fourth in Self.edges { check([first, second, third, fourth]) }
            }
        }
        #expect(wrong.isEmpty, "\(wrong.prefix(5))")
    }

    @Test("Long texts with a rare fault", arguments: 1...5)
    func long(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for _ in 0..<500 {
            var text = Array(random.text().utf8)
            if Bool.random(using: &random), !text.isEmpty {
                text[Int.random(in: text.indices, using: &random)] = .random(
                    in: 0...255, using: &random)
            }
            #expect(accepts(text) == (String(validating: text, as: UTF8.self) != nil), "\(text)")
        }
    }
}
