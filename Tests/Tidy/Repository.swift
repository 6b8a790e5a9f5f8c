import Foundation

/// The files of the repository, as the rules see them.
enum Repository {
    struct File {
        /// Relative to the root.
        var path: String
        var text: String
    }

    static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    static func names(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(
            atPath: root.appending(path: folder).path
        ).sorted()
    }

    /// Every text under a folder; what is not UTF-8 is no text.
    static func files(under folder: String) throws -> [File] {
        let all = try FileManager.default.subpathsOfDirectory(
            atPath: root.appending(path: folder).path)
        return all.sorted().compactMap { name in
            file("\(folder)/\(name)")
        }
    }

    static func file(_ path: String) -> File? {
        guard let text = try? String(contentsOf: root.appending(path: path), encoding: .utf8)
        else { return nil }
        return File(path: path, text: text)
    }

    static func swift(_ folder: String) throws -> [File] {
        try files(under: folder).filter { $0.path.hasSuffix(".swift") }
    }
}
