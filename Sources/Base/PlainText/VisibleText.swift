/// Text of strangers as a terminal, a log or a page of text may show it: what would move the
/// cursor, colour, hide, end a line or turn the direction of reading around is written as an escape
/// of JSON.
package enum VisibleText {
    /// C0, DEL, C1, the separators of lines, and the marks that embed, override or isolate the
    /// direction of text. Joiners and single direction marks stay: languages and emoji need them.
    package static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F, 0x2028...0x2029, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    /// On one line: nothing of it ends the line or is obeyed by a terminal.
    package static func line(_ text: some StringProtocol) -> String {
        escaped(text) { isControl($0) }
    }

    /// The same where line ends and tabs are our own and stay.
    package static func lines(_ text: some StringProtocol) -> String {
        escaped(text) { $0 != "\n" && $0 != "\t" && isControl($0) }
    }

    /// How JSON writes a control: `\n`, `\t`, `\r`, else `\u` and four digits.
    package static func escape(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\n": return "\\n"
        case "\t": return "\\t"
        case "\r": return "\\r"
        default:
            let digits = String(scalar.value, radix: 16)
            return "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        }
    }

    /// A JSON string that a terminal can show.
    package static func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case _ where isControl(scalar): out += escape(scalar)
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }

    private static func escaped(
        _ text: some StringProtocol, _ mustNotStay: (Unicode.Scalar) -> Bool
    ) -> String {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return String(text) }
        guard text.unicodeScalars.contains(where: mustNotStay) else { return String(text) }
        var out = ""
        for scalar in text.unicodeScalars {
            if mustNotStay(scalar) {
                out += escape(scalar)
            } else {
                out.unicodeScalars.append(scalar)
            }
        }
        return out
    }
}
