import PlainText

/// Finds the name that was probably meant.
enum Nearest {
    /// The nearest name by edit distance, if it is near enough to be meant; ties go to the first. A
    /// name whose last part is the word is one step away: `spend_30d` means `stats.spend_30d`.
    static func name(to word: String, among names: [String]) -> String? {
        let typed = word.utf8.map(folded)
        let limit = Suggestion.mostEdits(typed.count)
        var best: (name: String, distance: Int)?
        for name in names {
            let whole = name.utf8.map(folded)
            var distance = EditDistance.between(typed, whole)
            if let dot = whole.lastIndex(of: UInt8(ascii: ".")) {
                let tail = Array(whole[(dot + 1)...])
                let last = typed.split(separator: UInt8(ascii: ".")).last.map(Array.init) ?? []
                distance = min(distance, EditDistance.between(last, tail) + 1)
            }
            if distance <= limit, distance < best?.distance ?? .max { best = (name, distance) }
        }
        return best?.name
    }

    static func hint(_ word: String, among names: [String]) -> String {
        if let near = name(to: word, among: names) { return "did you mean \(near)?" }
        return names.count > 12 || names.isEmpty ? "" : "known: " + names.joined(separator: ", ")
    }

    private static func folded(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
