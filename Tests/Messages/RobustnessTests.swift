import Messages
import Randomness
import Testing

@Suite("Damaged bytes are decoded or refused, never trapped on")
struct RobustnessTests {
    @Test("Every truncation", arguments: Sample.all)
    func truncation(_ sample: Sample) throws {
        let golden = try Contract.golden(sample.name)
        for length in golden.indices { check(sample, Array(golden[..<length])) }
    }

    @Test("Every bit of every byte flipped", arguments: Sample.all)
    func flips(_ sample: Sample) throws {
        let golden = try Contract.golden(sample.name)
        for index in golden.indices {
            for mask in [UInt8(0x01), 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0xff] {
                var flipped = golden
                flipped[index] ^= mask
                check(sample, flipped)
            }
        }
    }

    @Test("Random damage", arguments: Sample.all, [UInt64(1), 2, 3])
    func damage(_ sample: Sample, seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for _ in 0..<300 { check(sample, random.mutate(sample.bytes)) }
    }

    /// What is accepted has a canonical form that stays as it is.
    private func check(_ sample: Sample, _ bytes: [UInt8]) {
        guard let once = try? sample.recode(bytes) else { return }
        #expect((try? sample.recode(once)) == once, "\(sample.name) \(bytes)")
    }

    @Test("Truncated frames are malformed; flipped ones are decoded or refused with a code")
    func frames() {
        let frame = Extreme.frame
        for length in frame.indices {
            let error = #expect(throws: FrameError.self) { try decode(Array(frame[..<length])) }
            #expect(error?.code == .malformedFrame)
        }
        for index in frame.indices {
            for bit in 0..<8 {
                var flipped = frame
                flipped[index] ^= 1 << bit
                do {
                    try decode(flipped)
                } catch let error as FrameError {
                    #expect(100..<103 ~= error.code.rawValue)
                } catch {
                    Issue.record("\(error)")
                }
            }
        }
    }

    private func decode(_ bytes: [UInt8]) throws {
        _ = try Frame.decode(bytes.span)
    }

    @Test(
        "Each fault has its error",
        arguments: [
            ([0x0a], .truncated), ([0x0a, 0x05, 0x61], .lengthTooLong),
            ([0x0a, 0x01, 0xff], .badUTF8), ([0x0a, 0x03, 0xed, 0xa0, 0x80], .badUTF8),
            ([0x00, 0x00], .badTag), ([0xf4, 0x01], .badTag), ([0x0e], .badTag),
            ([0x08, 0x01], .wrongWireType), ([0x41, 0x00], .truncated),
            ([0xf3, 0x01], .truncated),
            ([0x18] + Array(repeating: 0xff, count: 11), .varintTooLong),
            (Array(repeating: [0xf3, 0x01], count: 100).flatMap { $0 }, .tooDeep),
        ] as [([UInt8], DecodeError)])
    func errors(_ bytes: [UInt8], _ expected: DecodeError) {
        #expect(throws: expected) { try Event(decoding: bytes) }
        #expect(throws: expected) { try EventFields(bytes.span, 0..<bytes.count) }
    }

    @Test("A number ends within its range, whatever bytes follow")
    func numbersWithinRange() throws {
        var random = SplitMix64(seed: 15)
        for length in 1...10 {
            var bytes = [UInt8](repeating: 0, count: 3)
            for _ in 1..<length { bytes.append(0x80 | UInt8.random(in: 0...127, using: &random)) }
            bytes += [1] + (0..<10).map { _ in UInt8.random(in: 0...255, using: &random) }
            var alone = WireReader(bytes.span, 3..<bytes.count)
            let number = try alone.varint()
            for end in 3...bytes.count {
                var reader = WireReader(bytes.span, 3..<end)
                if end < 3 + length {
                    #expect(throws: DecodeError.truncated) { try reader.varint() }
                } else {
                    #expect(try reader.varint() == number)
                    #expect(reader.remaining == end - 3 - length)
                }
            }
        }
    }
}
