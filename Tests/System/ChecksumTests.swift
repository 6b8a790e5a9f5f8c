import System
import Testing

@Suite("Sums over stored bytes")
struct ChecksumTests {
    // From the reference implementation (xxhash 3, `xxh64_intdigest`).
    @Test(
        "equal the reference",
        arguments: [
            ("", 0, 0xEF46_DB37_51D8_E999), ("a", 0, 0xD24E_C4F1_A98C_6E5B),
            ("abc", 0, 0x44BC_2CF5_AD77_0999), ("user-1", 0, 0xA173_746B_114C_6BE8),
            ("0123456789012345678901234567890123456789", 0, 0xCA6F_C80C_BDE1_A931),
            ("0123456789012345678901234567890123456789", 7, 0x51DC_B9B2_F700_478B),
            ("用户画像", 0, 0x44D4_BF28_F998_AD0E),
        ] as [(String, UInt64, UInt64)])
    func reference(_ text: String, _ seed: UInt64, _ sum: UInt64) {
        let bytes = Array(text.utf8)
        #expect(Checksum.xxh64(bytes.span, seed: seed) == sum)
    }
}
