import Foundation
import Messages
import Testing

/// Vectors that conformance/conformance.py made with another implementation. A file per message:
/// a delimited input, one byte that says whether it is valid, and what it encodes to, delimited.
@Suite("Messages of another implementation are read and written alike")
struct VectorTests {
    private static let folder = ProcessInfo.processInfo.environment["LIMN_VECTORS"]

    @Test(
        "Vectors made elsewhere", .enabled(if: folder != nil, "LIMN_VECTORS is unset"),
        arguments: Sample.all)
    func vectors(_ sample: Sample) throws {
        let file = try #require(Self.folder) + "/\(sample.name).vectors"
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: file)))
        let span = bytes.span
        var reader = WireReader(span)
        var count = 0
        while reader.remaining > 0 {
            let input = span.array(try reader.delimited())
            let valid = try reader.varint() == 1
            let expected = span.array(try reader.delimited())
            check(sample, input, valid: valid, expected)
            count += 1
        }
        #expect(count >= 100)
    }

    private func check(_ sample: Sample, _ input: [UInt8], valid: Bool, _ expected: [UInt8]) {
        do {
            let output = try sample.recode(input)
            #expect(valid, "\(sample.name): taken, but not valid: \(input)")
            #expect(output == expected, "\(sample.name): \(input)")
        } catch DecodeError.wrongWireType {
            // Stricter on purpose: others take such a field for an unknown one.
        } catch {
            #expect(!valid, "\(sample.name): \(error), but valid: \(input)")
        }
    }
}
