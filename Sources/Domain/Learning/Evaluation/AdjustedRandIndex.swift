/// How far two ways of dividing the same rows agree: 1 is entirely, 0 as chance would (Hubert and
/// Arabie 1985).
package enum AdjustedRandIndex {
    /// (Σ C(nᵢⱼ, 2) − E) ÷ (½ (Σ C(aᵢ, 2) + Σ C(bⱼ, 2)) − E), where E = Σ C(aᵢ, 2) · Σ C(bⱼ, 2) ÷
    /// C(n, 2). 1 where both put every row alone, or all together.
    package static func between<T: Hashable, U: Hashable>(_ one: [T], _ other: [U]) -> Double {
        precondition(one.count == other.count)
        var cells: [Cell<T, U>: Int] = [:]
        var rows: [T: Int] = [:]
        var columns: [U: Int] = [:]
        for (a, b) in zip(one, other) {
            cells[Cell(a: a, b: b), default: 0] += 1
            rows[a, default: 0] += 1
            columns[b, default: 0] += 1
        }
        func pairs(_ count: Int) -> Double { Double(count) * Double(count - 1) / 2 }
        func sum<K>(_ counts: [K: Int]) -> Double { counts.values.reduce(0) { $0 + pairs($1) } }
        let all = pairs(one.count)
        guard all > 0 else { return 1 }
        let expected = sum(rows) * sum(columns) / all
        let most = (sum(rows) + sum(columns)) / 2
        return most == expected ? 1 : (sum(cells) - expected) / (most - expected)
    }

    private struct Cell<T: Hashable, U: Hashable>: Hashable {
        var a: T
        var b: U
    }
}
