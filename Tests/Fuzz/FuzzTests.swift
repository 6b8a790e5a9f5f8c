import System
import Testing

/// `LIMN_FUZZ=1000000 swift test -c release --filter FuzzTests` tries more than the default run.
@Suite("Damaged bytes end no process, and are never taken for sound", .serialized)
struct FuzzTests {
    @Test("Frames of every kind, and what the roles make of them", .timeLimit(.minutes(60)))
    func frames() async throws {
        print("fuzz frames: seed \(FuzzSettings.seed), \(FuzzSettings.cases) cases")
        await #expect(processExitsWith: .success) {
            try FuzzRun(suite: "frames").go(try FrameTargets.all())
        }
        if let died = try FuzzRun(suite: "frames").died() { Issue.record("\(died)") }
    }

    @Test("Stored values of every kind, read, folded and written again", .timeLimit(.minutes(60)))
    func stored() async throws {
        print("fuzz stored: seed \(FuzzSettings.seed), \(FuzzSettings.cases) cases")
        await #expect(processExitsWith: .success) {
            let folder = try Files.makeTemporaryFolder(prefix: "limn-fuzz")
            defer { try? Files.removeTree(folder) }
            try FuzzRun(suite: "stored").go(try StoredTargets.all(in: folder))
        }
        if let died = try FuzzRun(suite: "stored").died() { Issue.record("\(died)") }
    }
}
