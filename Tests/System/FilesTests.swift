import System
import Testing

@Suite("Files are whole or untouched, and errors say what failed", .timeLimit(.minutes(5)))
struct FilesTests {
    @Test func atomicWritesReplaceAndKeepTheirMode() throws {
        let folder = try Files.makeTemporaryFolder(prefix: "limn-test")
        defer { try? Files.removeTree(folder) }
        let path = "\(folder)/secret"
        try Files.writeAtomically(path, [1, 2, 3], mode: 0o600)
        try Files.writeAtomically(path, [4], mode: 0o600)
        #expect(try Files.read(path) == [4])
        #expect(try Files.mode(path) == 0o600)
        #expect(try Files.list(folder) == ["secret"], "no temporary file stays")
    }

    @Test func aFailedWriteLeavesNothing() throws {
        let folder = try Files.makeTemporaryFolder(prefix: "limn-test")
        defer { try? Files.removeTree(folder) }
        try Files.makeFolder("\(folder)/target/inside")
        #expect(throws: SystemError.self) {
            try Files.writeAtomically("\(folder)/target", [1])
        }
        #expect(try Files.list(folder) == ["target"])
    }

    @Test func errorsNameCallPathAndReason() throws {
        do throws(SystemError) {
            _ = try Files.read("/nowhere/at-all")
            Issue.record("a missing file was read")
        } catch {
            #expect(error.description == "open /nowhere/at-all: No such file or directory")
            #expect(error.isMissing)
        }
    }

    @Test func readingStopsAtItsLimit() throws {
        let folder = try Files.makeTemporaryFolder(prefix: "limn-test")
        defer { try? Files.removeTree(folder) }
        try Files.writeAtomically("\(folder)/big", [UInt8](repeating: 7, count: 1001))
        #expect(throws: SystemError.self) { try Files.read("\(folder)/big", bytesMax: 1000) }
        #expect(try Files.read("\(folder)/big", bytesMax: 1001).count == 1001)
    }

    @Test func madeFoldersArePrivate() throws {
        let folder = try Files.makeTemporaryFolder(prefix: "limn-test")
        defer { try? Files.removeTree(folder) }
        try Files.makeFolder("\(folder)/a/b/c")
        #expect(try Files.mode("\(folder)/a/b/c") == 0o700)
        try Files.makeFolder("\(folder)/a/b/c")
    }

    @Test(
        arguments: [
            ("/a/b/../c", "/a/c"), ("/a/./b//c/", "/a/b/c"), ("/..", "/"), ("/a", "/a"),
        ])
    func absolutePathsAreClean(path: String, clean: String) {
        #expect(Files.absolute(path) == clean)
    }

    @Test func sha256MatchesTheStandard() throws {
        // FIPS 180-4, appendix B.1.
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        #expect(Digest.sha256Hex(Array("abc".utf8)) == expected)
        let folder = try Files.makeTemporaryFolder(prefix: "limn-test")
        defer { try? Files.removeTree(folder) }
        try Files.writeAtomically("\(folder)/abc", Array("abc".utf8))
        #expect(try Digest.sha256Hex(file: "\(folder)/abc") == expected)
    }

    @Test func entropyDiffers() {
        #expect(Entropy.bytes(32) != Entropy.bytes(32))
        #expect(Entropy.uint64() != Entropy.uint64())
    }

    @Test func clocksMove() {
        let first = Clock.monotonicNs()
        while Clock.monotonicNs() == first {}
        #expect(Clock.wallMs() > 1_700_000_000_000)
        #expect(Duration.milliseconds(1500).milliseconds == 1500)
        #expect(Duration.milliseconds(1500).seconds == 1.5)
    }

    @Test func factsOfThisProcess() {
        let facts = ProcessFacts.current()
        #expect(facts.rssBytes > 1 << 20)
        #expect(facts.openDescriptors >= 3)
    }
}
