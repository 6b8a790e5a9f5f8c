/// Columns that a text takes on a terminal.
package enum DisplayWidth {
    /// Wide characters (Chinese, Japanese, Korean, emoji) count 2, combining marks 0.
    package static func of(_ text: String) -> Int {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
        return text.reduce(0) { $0 + of($1) }
    }

    static func of(_ character: Character) -> Int {
        guard let first = character.unicodeScalars.first else { return 0 }
        if first.properties.generalCategory == .nonspacingMark || first.value == 0x200B {
            return 0
        }
        let isEmoji = character.unicodeScalars.contains {
            $0.properties.isEmojiPresentation || $0.value == 0xFE0F
        }
        return isEmoji || wide.contains { $0.contains(first.value) } ? 2 : 1
    }

    /// East Asian Width W and F, Unicode Standard Annex 11, joined to blocks.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
        0xA000...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
        0xFFE0...0xFFE6, 0x20000...0x3FFFD,
    ]

    /// Breaks a text into lines of so many columns, between words where it can.
    package static func wrap(_ text: String, to columns: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            var word = String(word)
            let together = line.isEmpty ? word : line + " " + word
            if of(together) <= columns {
                line = together
                continue
            }
            if !line.isEmpty { lines.append(line) }
            while of(word) > columns {
                let head = start(of: word, within: columns)
                lines.append(head)
                word.removeFirst(head.count)
            }
            line = word
        }
        return line.isEmpty && !lines.isEmpty ? lines : lines + [line]
    }

    /// As many characters as fit, and one at least.
    private static func start(of text: String, within columns: Int) -> String {
        var result = ""
        var used = 0
        for character in text {
            used += of(character)
            if used > columns, !result.isEmpty { break }
            result.append(character)
        }
        return result
    }

    /// Cuts a text to so many columns, with an ellipsis where something was lost.
    package static func clip(_ text: String, to columns: Int) -> String {
        if of(text) <= columns { return text }
        var result = ""
        var used = 0
        for character in text {
            let width = of(character)
            if used + width > columns - 1 { break }
            result.append(character)
            used += width
        }
        return result + "…"
    }
}
