/// Why a text is no expression, and where.
package struct ExpressionError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Stable names, for machines.
    package enum Code: String, Sendable, CaseIterable {
        case tooLong = "too_long"
        case tooDeep = "too_deep"
        case tooCostly = "too_costly"
        case unexpectedCharacter = "unexpected_character"
        case unterminatedText = "unterminated_text"
        case badEscape = "bad_escape"
        case badNumber = "bad_number"
        case unexpectedToken = "unexpected_token"
        case unknownName = "unknown_name"
        case unknownFunction = "unknown_function"
        case unknownWord = "unknown_word"
        case wrongType = "wrong_type"
        case wrongCount = "wrong_count"
        case notLiteral = "not_literal"
    }

    package var code: Code
    /// Bytes of the text that are meant; empty at the end of the text.
    package var range: Range<Int>
    package var message: String
    /// What to do about it; may be empty.
    package var hint: String

    package init(_ code: Code, _ range: Range<Int>, _ message: String, hint: String = "") {
        self.code = code
        self.range = range
        self.message = message
        self.hint = hint
    }

    package var description: String {
        hint.isEmpty ? "\(code.rawValue): \(message)" : "\(code.rawValue): \(message); \(hint)"
    }

    /// The message with the line it is about, and carets below what is meant.
    package func explained(in text: String) -> String {
        let bytes = Array(text.utf8)
        let at = min(range.lowerBound, bytes.count)
        let newline = UInt8(ascii: "\n")
        let start = (bytes[..<at].lastIndex(of: newline) ?? -1) + 1
        let end = bytes[at...].firstIndex(of: newline) ?? bytes.count
        let before = String(decoding: bytes[start..<at], as: UTF8.self)
        let meant = String(decoding: bytes[at..<max(at, min(range.upperBound, end))], as: UTF8.self)
        let line = String(decoding: bytes[start..<end], as: UTF8.self)
        // A tab stays a tab, so that the carets stand below it on every terminal.
        let indent = String(before.map { $0 == "\t" ? "\t" : " " })
        let carets = String(repeating: "^", count: max(1, meant.count))
        let number = bytes[..<at].count(where: { $0 == newline }) + 1
        let place =
            bytes.contains(newline)
            ? "line \(number), column \(before.count + 1)" : "column \(before.count + 1)"
        var lines = [
            "\(code.rawValue) at \(place): \(message)", "  \(line)", "  \(indent)\(carets)",
        ]
        if !hint.isEmpty { lines.append(hint) }
        return lines.joined(separator: "\n")
    }
}
