/// Swift source, read just far enough for the rules: no comments, no text literals.
enum SwiftText {
    /// The lines with comments and the insides of literals blanked.
    static func code(_ text: String) -> [String] {
        var isLongText = false
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let marks = line.ranges(of: "\"\"\"").count
            if isLongText || marks > 0 {
                if marks % 2 == 1 { isLongText.toggle() }
                return ""
            }
            return line.contains("\"") || line.contains("//") ? strip(line) : String(line)
        }
    }

    private static func strip(_ line: Substring) -> String {
        var out = ""
        var isText = false
        var previous: Character = " "
        for character in line {
            if character == "\"" && previous != "\\" {
                isText.toggle()
                out.append(character)
            } else if !isText {
                if character == "/" && previous == "/" {
                    out.removeLast()
                    break
                }
                out.append(character)
            }
            previous = previous == "\\" ? " " : character
        }
        return out
    }
}
