import Events
import Testing

@Suite("XXH64 places users on partitions")
struct XXH64Tests {
    struct Known: CustomTestStringConvertible {
        var text: String
        var seed: UInt64
        var hash: UInt64
        var testDescription: String { "\(text.count) bytes, seed \(seed)" }
    }

    // From the reference implementation (xxhash 3, `xxh64_intdigest`).
    static let known: [Known] = [
        Known(text: "", seed: 0, hash: 0xEF46_DB37_51D8_E999),
        Known(text: "a", seed: 0, hash: 0xD24E_C4F1_A98C_6E5B),
        Known(text: "abc", seed: 0, hash: 0x44BC_2CF5_AD77_0999),
        Known(text: "user-1", seed: 0, hash: 0xA173_746B_114C_6BE8),
        Known(
            text: "0123456789012345678901234567890123456789", seed: 0, hash: 0xCA6F_C80C_BDE1_A931),
        Known(
            text: "0123456789012345678901234567890123456789", seed: 7, hash: 0x51DC_B9B2_F700_478B),
        Known(text: "用户画像", seed: 0, hash: 0x44D4_BF28_F998_AD0E),
    ]

    @Test("equals the reference", arguments: known)
    func reference(_ known: Known) {
        let bytes = Array(known.text.utf8)
        #expect(XXH64.hash(bytes.span, in: 0..<bytes.count, seed: known.seed) == known.hash)
    }

    @Test("does not depend on where the bytes lie")
    func offset() {
        let text = Array("0123456789012345678901234567890123456789".utf8)
        for shift in 0..<9 {
            let moved = [UInt8](repeating: 9, count: shift) + text + [1, 2, 3]
            let range = shift..<(shift + text.count)
            #expect(XXH64.hash(moved.span, in: range) == XXH64.hash(text.span))
        }
    }

    @Test("every partition has exactly one owner", arguments: [1, 2, 3, 7, 64])
    func owners(workers: Int) {
        let owned = (0..<workers).flatMap { Partitions.owned(by: $0, of: workers) }
        #expect(owned.sorted() == Array(0..<Partitions.users))
        for worker in 0..<workers {
            for partition in Partitions.owned(by: worker, of: workers) {
                #expect(Partitions.owner(of: partition, workers: workers) == worker)
            }
        }
    }
}
