/// Levenshtein's distance: the fewest insertions, deletions and replacements that make one sequence
/// of another.
package enum EditDistance {
    /// How many changes lie between two sequences; time and memory as their lengths multiplied, and
    /// as the second.
    package static func between<Element: Equatable>(_ left: [Element], _ right: [Element]) -> Int {
        var row = Array(0...right.count)
        for (i, a) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, b) in right.enumerated() {
                let replaced = diagonal + (a == b ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[right.count]
    }
}
