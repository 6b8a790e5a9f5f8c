import Glibc
import System
import Testing

@Suite("What a process was at when it died")
struct CrashMarkerTests {
    private func makePath() throws -> String {
        "\(try Files.makeTemporaryFolder(prefix: "limn-marker"))/a.mark"
    }

    @Test("a new file, a finished step and a damaged file say nothing")
    func nothing() throws {
        let path: String = try makePath()
        defer { try? Files.removeTree(Files.parent(of: path)) }
        do {
            let marker = try CrashMarker(path)
            #expect(marker.found == nil)
            marker.enter(1, 2)
            marker.at(3)
            marker.leave()
        }
        #expect(try CrashMarker(path).found == nil)
        try Files.writeAtomically(path, [UInt8](repeating: 7, count: 100))
        #expect(try CrashMarker(path).found == nil)
    }

    @Test("the step under way is found by the next process, once")
    func found() throws {
        let path: String = try makePath()
        defer { try? Files.removeTree(Files.parent(of: path)) }
        do {
            let marker = try CrashMarker(path)
            marker.enter(11, 12)
            marker.at(0)
            marker.at(13)
        }
        let next = try CrashMarker(path)
        #expect(next.found == CrashMarker.Place(first: 11, second: 12, step: 13))
        next.enter(1, 1)
        #expect(try CrashMarker(path).found == nil)
    }

    @Test("it survives a trap and a SIGKILL")
    func survives() async throws {
        let path: String = try makePath()
        defer { try? Files.removeTree(Files.parent(of: path)) }
        await #expect(processExitsWith: .failure) { [path = path as String] in
            let marker = try CrashMarker(path)
            marker.enter(1, 2)
            marker.at(42)
            fatalError("on purpose")
        }
        #expect(try CrashMarker(path).found?.step == 42)
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let marker = try CrashMarker(path)
            marker.enter(1, 2)
            marker.at(43)
            kill(getpid(), SIGKILL)
        }
        #expect(try CrashMarker(path).found?.step == 43)
    }
}
