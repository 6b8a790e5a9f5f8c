import Storage
import System
import Testing

@Suite("Snapshots of audiences are kept by version")
struct AudienceFilesTests {
    @Test("versions rise, names do not leave the folder, damage is seen")
    func versions() throws {
        let folder = try Files.makeTemporaryFolder(prefix: "limn-audiences")
        defer { try? Files.removeTree(folder) }
        let files = AudienceFiles(folder: folder + "/audiences")
        #expect(try files.versions(of: "vip") == [])
        for wanted in 1...11 as ClosedRange<UInt64> {
            let kept = try files.add("vip") { version in [UInt8(version), 7] }
            #expect(kept.version == wanted)
        }
        let odd = try files.add("../vip.2/é") { _ in [1] }
        #expect(odd.version == 1)
        #expect(Files.parent(of: odd.path) == folder + "/audiences")
        #expect(try files.versions(of: "vip") == Array(1...11))
        #expect(try files.read("vip", 3) == [3, 7])
        #expect(try files.read("../vip.2/é", 1) == [1])
        #expect(throws: SystemError.self) { try files.read("vip", 12) }

        let last = try files.add("vip") { _ in [9, 9, 9] }
        var bytes = try Files.read(last.path)
        bytes[bytes.count - 1] ^= 1
        try Files.writeAtomically(last.path, bytes)
        #expect(try files.read("vip", 12) == nil)
        try Files.writeAtomically(last.path, [1, 2])
        #expect(try files.read("vip", 12) == nil)
    }
}
