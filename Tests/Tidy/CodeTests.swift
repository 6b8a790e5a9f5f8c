import Testing

@Suite("The code forces nothing, the domain is pure, the package names every folder")
struct CodeTests {
    @Test("no force unwrap")
    func force() throws {
        let found = try Repository.swift("Sources").flatMap { CodeRules.force($0.path, $0.text) }
        #expect(found == [])
    }

    @Test("what people read goes through one place")
    func output() throws {
        let found = try Repository.swift("Sources").flatMap { CodeRules.output($0.path, $0.text) }
        #expect(found == [])
    }

    @Test(
        "a way around it is found",
        arguments: [
            ("FileHandle.standardOutput.write(data)", "StandardOutput.write(text)"),
            ("print(name)", "terminal.print(name)"),
        ])
    func outputCanary(_ bad: String, _ good: String) {
        #expect(CodeRules.output("Sources/Roles/A.swift", bad) != [])
        #expect(CodeRules.output("Sources/Roles/A.swift", good) == [])
    }

    @Test("the domain is pure")
    func purity() throws {
        let files = try Repository.swift("Sources/Domain")
        #expect(files.count > 20)
        #expect(files.flatMap { CodeRules.purity($0.path, $0.text) } == [])
    }

    @Test("Package.swift and the folders agree")
    func folders() throws {
        let package = try #require(Repository.file("Package.swift")).text
        let declared = PackageRules.modules(package).map { "\($0.value)/\($0.key)" }
        #expect(declared.count > 20)
        let layers = try Repository.names("Sources").filter { Layers.order.contains($0) }
        let folders = try layers.flatMap { layer in
            try Repository.names("Sources/\(layer)").filter { !$0.contains(".") }
                .map { "\(layer)/\($0)" }
        }
        #expect(PackageRules.differences(declared: declared, folders: folders) == [])
        let tests = try Repository.names("Tests").filter { $0 != "Support" && !$0.contains(".") }
        #expect(
            PackageRules.differences(declared: PackageRules.tests(package), folders: tests) == [])
    }

    @Test(
        "a force unwrap is found",
        arguments: [
            ("let a = b!.c", "if !a { b() }"), ("f(a[1]!)", "a != b // good!"),
            ("let a: Int!", "log(\"no!\")"),
        ])
    func forceCanary(_ bad: String, _ good: String) {
        #expect(CodeRules.force("A.swift", bad) != [])
        #expect(CodeRules.force("A.swift", good) == [])
    }

    @Test(
        "an impure line is found",
        arguments: [
            ("Int.random(in: 0..<4)", "Int.random(in: 0..<4, using: &random)"),
            ("list.shuffled()", "list.shuffled(using: &random)"),
            ("ContinuousClock().now", "clock()"), ("FileManager.default", "let file = 1"),
            ("print(1)", "fingerprint(1)"),
        ])
    func purityCanary(_ bad: String, _ good: String) {
        #expect(CodeRules.purity("Sources/Domain/Events/A.swift", bad) != [])
        #expect(CodeRules.purity("Sources/Domain/Events/A.swift", good) == [])
        #expect(CodeRules.purity("Sources/Runtime/Runtime/A.swift", bad) == [])
    }

    @Test("a folder missing or forgotten is found")
    func foldersCanary() {
        #expect(PackageRules.differences(declared: ["A", "B"], folders: ["B", "C"]).count == 2)
        #expect(PackageRules.differences(declared: ["A"], folders: ["A"]) == [])
        let package = "module(\"Domain\", \"Events\", []), module(\n \"Roles\", \"Ingest\"\n)"
        #expect(PackageRules.modules(package) == ["Events": "Domain", "Ingest": "Roles"])
        #expect(PackageRules.tests("tests(\n\"Roles\", [])") == ["Roles"])
    }
}
