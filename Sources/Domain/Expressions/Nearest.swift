/// Finds the name that was probably meant.
enum Nearest {
    /// The nearest name by edit distance, within a third of its length; ties go to the first. A
    /// name whose last part is the word is one step away: `spend_30d` means `stats.spend_30d`.
    static func name(to word: String, among names: [String]) -> String? {
        let typed = Array(word.utf8)
        let limit = max(2, typed.count / 3)
        var best: (name: String, distance: Int)?
        for name in names {
            var distance = distance(typed, Array(name.utf8))
            if let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) {
                let tail = Array(name.utf8[name.utf8.index(after: dot)...])
                let last = typed.split(separator: UInt8(ascii: ".")).last.map(Array.init) ?? []
                distance = min(distance, Self.distance(last, tail) + 1)
            }
            if distance <= limit, distance < best?.distance ?? .max { best = (name, distance) }
        }
        return best?.name
    }

    static func hint(_ word: String, among names: [String]) -> String {
        if let near = name(to: word, among: names) { return "did you mean \(near)?" }
        return names.count > 12 || names.isEmpty ? "" : "known: " + names.joined(separator: ", ")
    }

    /// Levenshtein's distance over bytes, without regard to the case of ASCII letters.
    static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (i, a) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, b) in right.enumerated() {
                let replaced = diagonal + (folded(a) == folded(b) ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[right.count]
    }

    private static func folded(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
