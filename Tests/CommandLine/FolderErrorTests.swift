import CommandLine
import Testing

@Suite("Whoever names a folder that is none is told so, by every command alike")
struct FolderErrorTests {
    @Test(
        "the shell gets 78, people what to do, machines JSON",
        arguments: [
            "tags", "users", "features", "segments", "risk", "quality", "identity", "eval 1",
            "audience true", "profile u1 --offline", "verify",
        ])
    func nowhere(_ command: String) {
        let words =
            command.split(separator: " ").map(String.init) + ["--folder", "/nowhere/limn"]
        let plain = Capture()
        #expect(plain.run(words) == 78, "\(command): \(plain.errors)")
        #expect(plain.errors.contains("/nowhere/limn does not exist"), "\(plain.errors)")
        #expect(plain.errors.contains("limn init --folder /nowhere/limn"), "\(plain.errors)")
        let json = Capture()
        #expect(json.run(words + ["--json"]) == 78)
        #expect(json.output.contains("\"exit\":78"), "\(command): \(json.output)")
    }
}
