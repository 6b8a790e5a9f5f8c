import Foundation
import Testing

@Suite("Pages lead where they say")
struct PageTests {
    private static func pages() throws -> [Repository.File] {
        let folders = ["Sources", "Tests", "Deploy", "Protocols"]
        let below = try folders.flatMap(Repository.files(under:)).filter {
            $0.path.hasSuffix(".md")
        }
        return below + [Repository.file("README.md")].compactMap { $0 }
    }

    @Test("Every link between pages leads to a file, and to a heading where it names one")
    func links() throws {
        let pages = try Self.pages()
        #expect(pages.count > 8)
        let complaints = pages.flatMap { page in
            Links.complaints(page: page.path, text: page.text) { path in
                let url = Repository.root.appending(path: path)
                guard FileManager.default.fileExists(atPath: url.path) else { return nil }
                return (try? String(contentsOf: url, encoding: .utf8)) ?? ""
            }
        }
        #expect(complaints.isEmpty, "\(complaints.joined(separator: "\n"))")
    }

    @Test("The first page is short, and leads to every page of the guide")
    func first() throws {
        let readme = try #require(Repository.file("README.md"))
        #expect(readme.text.split(separator: "\n", omittingEmptySubsequences: false).count <= 151)
        for name in try Repository.names("Deploy/guide") {
            #expect(readme.text.contains("(Deploy/guide/\(name))"), "\(name)")
        }
    }

    @Test("A wrong file, a wrong heading and a link out of the tree are found; code is no link")
    func canary() {
        func found(_ text: String) -> [String] {
            Links.complaints(page: "Deploy/guide/a.md", text: text) { path in
                ["Deploy/guide/b.md": "# B\n## What `limn` does, and how\n```\n# no\n```\n"][path]
            }
        }
        #expect(found("[b](b.md) [b](../guide/b.md#what-limn-does-and-how) [x](https://x)") == [])
        #expect(found("[c](c.md)") == ["Deploy/guide/a.md: c.md leads nowhere"])
        #expect(found("[b](b.md#no)") == ["Deploy/guide/a.md: b.md has no heading #no"])
        #expect(found("[b](../../../b.md)").count == 1)
        #expect(found("```\n[c](c.md)\n```\n`a[i](x)`") == [])
    }
}

/// Links of one page, in Markdown.
enum Links {
    /// `read` gives the text of a file of the tree; nil where there is none.
    static func complaints(
        page: String, text: String, read: (_ path: String) -> String?
    ) -> [String] {
        targets(text).compactMap { target in
            guard !target.contains("://"), !target.hasPrefix("mailto:") else { return nil }
            let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
            let file = String(parts[0])
            guard let path = file.isEmpty ? page : resolved(file, from: page),
                let found = read(path) ?? (file.isEmpty ? text : nil)
            else { return "\(page): \(file) leads nowhere" }
            guard parts.count == 2 else { return nil }
            let anchor = String(parts[1])
            return anchors(found).contains(anchor)
                ? nil : "\(page): \(file) has no heading #\(anchor)"
        }
    }

    /// Where links lead, but for those in fences and code.
    private static func targets(_ text: String) -> [String] {
        prose(text).replacing(/`[^`\n]*`/, with: "").matches(of: /\]\(([^)\s]+)\)/)
            .map { String($0.output.1) }
    }

    /// Without what stands in fences.
    private static func prose(_ text: String) -> String {
        var isFenced = false
        var lines: [Substring] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                isFenced.toggle()
            } else if !isFenced {
                lines.append(line)
            }
        }
        return lines.joined(separator: "\n")
    }

    /// A path from the root; nil where it leads out of the tree.
    private static func resolved(_ file: String, from page: String) -> String? {
        var parts = page.split(separator: "/").dropLast().map(String.init)
        for part in file.split(separator: "/") where part != "." {
            guard part == ".." else {
                parts.append(String(part))
                continue
            }
            guard parts.popLast() != nil else { return nil }
        }
        return parts.joined(separator: "/")
    }

    /// Headings as GitHub names them: lower case, words joined by hyphens, no other signs.
    private static func anchors(_ text: String) -> Set<String> {
        Set(
            prose(text).split(separator: "\n").filter { $0.hasPrefix("#") }.map { line in
                let title = line.drop { $0 == "#" }.drop { $0 == " " }.lowercased()
                return String(
                    title.compactMap { sign in
                        if sign == " " { return "-" }
                        return sign.isLetter || sign.isNumber || sign == "-" || sign == "_"
                            ? sign : nil
                    })
            })
    }
}
