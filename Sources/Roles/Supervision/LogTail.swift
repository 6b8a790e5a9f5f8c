import System

/// The end of a role's log, to say why it ended without making people look for it.
enum LogTail {
    static let bytesMax = 32 << 20

    /// The last line that names a warning or error, or the last line at all.
    static func lastProblem(in path: String) -> String? {
        guard let text = try? Files.readText(path, bytesMax: bytesMax) else { return nil }
        return lastProblem(of: text.suffix(8192).split(separator: "\n").map(String.init))
    }

    static func lastProblem(of lines: [String]) -> String? {
        let problem = lines.suffix(20).last { line in
            [" error ", " warning ", "\"level\":\"error\"", "Fatal error"].contains {
                line.contains($0)
            }
        }
        return problem ?? lines.last
    }
}
