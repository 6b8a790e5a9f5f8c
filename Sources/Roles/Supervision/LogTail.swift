import System

/// The end of a role's log, to say why it ended without making people look for it.
enum LogTail {
    private static let bytesMax = 8192
    private static let linesMax = 20

    /// The last line that names a warning or error, or the last line at all; of the file before
    /// too, where a new one has just been begun.
    static func lastProblem(in path: String) -> String? {
        var lines = end(of: path)
        if lines.count < linesMax { lines = end(of: path + ".1") + lines }
        return lastProblem(of: lines)
    }

    private static func end(of path: String) -> [String] {
        guard let bytes = try? Files.readEnd(path, bytes: bytesMax) else { return [] }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    static func lastProblem(of lines: [String]) -> String? {
        let problem = lines.suffix(linesMax).last { line in
            [" error ", " warning ", "\"level\":\"error\"", "Fatal error"].contains {
                line.contains($0)
            }
        }
        return problem ?? lines.last
    }
}
