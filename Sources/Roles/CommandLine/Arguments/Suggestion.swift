import Runtime

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
        Runtime.Suggestion.distance(left, right)
    }
}
