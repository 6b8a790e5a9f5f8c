import Foundation
import Testing

@Suite("The tree keeps its own rules")
struct TidyTests {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// Files that are ours: path from the root, and text.
    static func files(under folders: [String], endings: [String]) throws -> [(String, String)] {
        var found: [(String, String)] = []
        for folder in folders {
            let base = root.appendingPathComponent(folder)
            let names = try FileManager.default.subpathsOfDirectory(atPath: base.path)
            for name in names.sorted() where endings.contains(where: { name.hasSuffix($0) }) {
                let url = base.appendingPathComponent(name)
                found.append(
                    ("\(folder)/\(name)", try String(contentsOf: url, encoding: .utf8)))
            }
        }
        return found
    }

    @Test("imports go one way, and only a mechanism imports its C library")
    func layers() throws {
        let sources = try Self.files(under: ["Sources"], endings: [".swift"])
        var layerOf: [String: String] = [:]
        for (path, _) in sources {
            let parts = path.split(separator: "/")
            if parts.count > 3 { layerOf[String(parts[2])] = String(parts[1]) }
        }
        #expect(layerOf.count > 15)
        var complaints: [String] = []
        for (path, text) in sources {
            let parts = path.split(separator: "/")
            guard parts.count > 3 else { continue }
            for line in text.split(separator: "\n") {
                guard let imported = Layers.imported(line) else { continue }
                if let complaint = Layers.complaint(
                    module: String(parts[2]), layer: String(parts[1]), imports: imported,
                    layerOf: layerOf)
                {
                    complaints.append("\(path): \(complaint)")
                }
            }
        }
        #expect(complaints.isEmpty, "\(complaints.joined(separator: "\n"))")
    }

    @Test("files and lines are short, finished, and name no machine")
    func style() throws {
        let all = try Self.files(
            under: ["Sources", "Tests", "Deploy", "Protocols"],
            endings: [".swift", ".py", ".h", ".c", ".md", ".proto", ".json5"])
        let own = all.filter { !$0.0.hasSuffix(".md") && !$0.0.hasSuffix(".json5") }
        let complaints = own.flatMap { Style.complaints(path: $0.0, text: $0.1) }
        #expect(complaints.isEmpty, "\(complaints.prefix(40).joined(separator: "\n"))")
    }

    @Test("nothing but the plan stands at the top")
    func top() throws {
        let allowed: Set<String> = [
            "Package.swift", "Package.resolved", "Sources", "Tests", "Deploy", "Protocols",
            "README.md", "LICENSE",
        ]
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.root.path)
        let strangers = names.filter { !$0.hasPrefix(".") && !allowed.contains($0) }
        #expect(strangers.isEmpty, "\(strangers)")
    }

    @Test("every page has one title")
    func pages() throws {
        var pages = try Self.files(
            under: ["Sources", "Tests", "Deploy", "Protocols"], endings: [".md"])
        let readme = Self.root.appendingPathComponent("README.md")
        pages.append(("README.md", try String(contentsOf: readme, encoding: .utf8)))
        for (path, text) in pages {
            #expect(Style.titles(text) == 1, "\(path)")
        }
    }

    /// An alarm that cannot ring is no alarm: each rule is shown a breach.
    @Test("each rule finds what it forbids")
    func canary() {
        let layerOf = ["Storage": "Storage", "Events": "Domain", "Runtime": "Runtime"]
        func complaint(_ module: String, _ layer: String, _ imported: String) -> String? {
            Layers.complaint(module: module, layer: layer, imports: imported, layerOf: layerOf)
        }
        #expect(complaint("Events", "Domain", "Storage") != nil)
        #expect(complaint("Events", "Domain", "Foundation") != nil)
        #expect(complaint("Scoring", "Roles", "CSQLite") != nil)
        #expect(complaint("Runtime", "Runtime", "Events") != nil)
        #expect(complaint("Storage", "Storage", "Events") == nil)
        #expect(Layers.imported("package import Events") == "Events")
        #expect(Layers.imported("let important = 1") == nil)
        let bad = [
            "// " + Style.unfinished[0], String(repeating: "a", count: 101),
            "let x = Date()", "let y = unsafe pointer.pointee",
            "open(\"\(Style.machinePaths[0])x\")",
        ]
        for line in bad {
            let found = Style.complaints(path: "Sources/Domain/Events/Bad.swift", text: line)
            #expect(!found.isEmpty, "\(line)")
        }
        let long = String(repeating: "\n", count: Style.linesMax + 2)
        #expect(!Style.complaints(path: "Sources/A.swift", text: long).isEmpty)
        #expect(Style.titles("# a\n# b\n") == 2)
    }
}
