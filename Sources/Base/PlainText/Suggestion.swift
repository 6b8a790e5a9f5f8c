/// The known word nearest to a mistyped one.
package enum Suggestion {
    /// The nearest word by edit distance without regard to case, if it is near enough to be meant;
    /// ties go to the first.
    package static func nearest(to word: String, among known: [String]) -> String? {
        let typed = Array(word.lowercased())
        var best: (word: String, distance: Int)?
        for candidate in known {
            let distance = EditDistance.between(typed, Array(candidate.lowercased()))
            if distance <= mostEdits(typed.count), distance < best?.distance ?? .max {
                best = (candidate, distance)
            }
        }
        return best?.word
    }

    /// How many mistakes a word of so many characters may have and still be recognised.
    package static func mostEdits(_ count: Int) -> Int { max(2, count / 3) }
}
