import Synchronization
import System
import Testing

@testable import Runtime

@Suite("The folder's secret for hashes: made once, private, read by all")
struct HashSecretTests {
    @Test("whoever comes first makes it, and all others read the same")
    func once() async throws {
        let parent = try Files.makeTemporaryFolder(prefix: "limn-test")
        defer { try? Files.removeTree(parent) }
        let folder = try DataFolder.initialise("\(parent)/shop")
        let made = try #require(try HashSecret.load(folder))
        #expect(try HashSecret.loadOrMake(folder) == made)
        #expect(try Files.mode(folder.hashSecretFile) == 0o600)
        // As in a folder of a version before, where several roles start at the same time.
        for _ in 0..<20 {
            try Files.remove(folder.hashSecretFile)
            #expect(try HashSecret.load(folder) == nil)
            let found = try await withThrowingTaskGroup(of: HashSecret.self) { group in
                for _ in 0..<8 { group.addTask { try HashSecret.loadOrMake(folder) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(found.allSatisfy { $0 == found[0] } && found[0] != made)
        }
        #expect(try Files.list(folder.keysFolder).filter { $0.hasSuffix(".tmp") } == [])
    }

    @Test("one that others can read, or that is none, is refused with what to do")
    func refused() throws {
        let parent = try Files.makeTemporaryFolder(prefix: "limn-test")
        defer { try? Files.removeTree(parent) }
        let folder = try DataFolder.initialise("\(parent)/shop")
        let path = folder.hashSecretFile
        let good = try Files.read(path)
        try Files.writeAtomically(path, good, mode: 0o640)
        let exposed = #expect(throws: StartFailure.self) { try HashSecret.load(folder) }
        #expect(exposed?.exit == .permission && exposed?.hint == "chmod 600 \(path)")
        for text in ["", "# nothing\n", "12\n", String(repeating: "g", count: 32)] {
            try Files.writeAtomically(path, Array(text.utf8), mode: 0o600)
            let failure = #expect(throws: StartFailure.self) { try HashSecret.loadOrMake(folder) }
            #expect(failure?.exit == .configuration, "\(text)")
        }
    }
}
