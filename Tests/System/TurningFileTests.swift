import Glibc
import System
import Testing

@Suite("A log turns while it is written", .timeLimit(.minutes(5)))
struct TurningFileTests {
    /// Standard error of a process of its own; the test's stays as it is.
    @Test("By size, keeping so many files, losing no line, the last words of a crash among them")
    func turns() async throws {
        let folder = try Files.makeTemporaryFolder(prefix: "limn-turn")
        defer { try? Files.removeTree(folder) }
        let path = "\(folder)/role.log"
        await #expect(processExitsWith: .failure) { [path = path as String] in
            let made = try Descriptor.appending(path)
            #expect(dup2(made.raw, 2) == 2)
            let file = try #require(TurningFile(path: path, bytesMax: 1000, filesMax: 4))
            for number in 0..<100 { file.write("line \(number) of a role that runs on and on\n") }
            // As the Swift runtime does: not by the log, but to the descriptor.
            Descriptor.write("Fatal error: last words\n", to: 2)
            fatalError("the end")
        }
        let names = try Files.list(folder)
        #expect(names == ["role.log", "role.log.1", "role.log.2", "role.log.3"])
        var lines: [Substring] = []
        for name in names.reversed() {
            let size = try Files.size("\(folder)/\(name)")
            // What is not written by the log, here the crash, is not cut.
            #expect(size <= 1000 || name == "role.log", "\(name) has \(size) bytes")
            #expect(try Files.mode("\(folder)/\(name)") == 0o600)
            lines += try Files.readText("\(folder)/\(name)").split(separator: "\n").map { $0 }
        }
        let numbers = lines.filter { $0.hasPrefix("line ") }.compactMap {
            Int($0.split(separator: " ")[1])
        }
        #expect(numbers == Array((100 - numbers.count)..<100) && numbers.count > 60)
        #expect(lines.contains("Fatal error: last words"))
        #expect(lines.contains { $0.contains("the end") }, "the crash itself is in the log")
    }

    @Test("A file that is not behind standard error is nobody's to turn")
    func other() throws {
        let folder = try Files.makeTemporaryFolder(prefix: "limn-turn")
        defer { try? Files.removeTree(folder) }
        #expect(TurningFile(path: "\(folder)/none", bytesMax: 1000, filesMax: 3) == nil)
        try Files.writeAtomically("\(folder)/one", Array("a\nb\n".utf8))
        #expect(TurningFile(path: "\(folder)/one", bytesMax: 1000, filesMax: 3) == nil)
        #expect(try Files.readEnd("\(folder)/one", bytes: 2) == Array("b\n".utf8))
        #expect(try Files.readEnd("\(folder)/one", bytes: 99) == Array("a\nb\n".utf8))
    }
}
