/// Finds the word that was probably meant.
package enum Suggestion {
    /// The nearest of `known` within a third of the word's length, or nil.
    package static func nearest(to word: String, in known: [String]) -> String? {
        let scored = known.map { (distance(word.lowercased(), $0.lowercased()), $0) }
        guard let best = scored.min(by: { $0.0 < $1.0 }) else { return nil }
        return best.0 <= max(1, word.count / 3) ? best.1 : nil
    }

    /// Levenshtein distance.
    package static func distance(_ left: String, _ right: String) -> Int {
        let columns = Array(right)
        var row = Array(0...columns.count)
        for (line, letter) in left.enumerated() {
            var diagonal = row[0]
            row[0] = line + 1
            for (column, other) in columns.enumerated() {
                let above = row[column + 1]
                let change = diagonal + (letter == other ? 0 : 1)
                row[column + 1] = min(change, above + 1, row[column] + 1)
                diagonal = above
            }
        }
        return row[columns.count]
    }
}
