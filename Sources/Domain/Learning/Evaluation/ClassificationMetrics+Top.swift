extension ClassificationMetrics {
    /// The share of yes among the `count` rows of the highest chances, the earlier row first among
    /// equals; of all rows where there are fewer, 0 where there is none.
    package static func precision(_ chances: [Double], _ labels: [Float], top count: Int) -> Double
    {
        precondition(chances.count == labels.count)
        let order = chances.indices.sorted { (-chances[$0], $0) < (-chances[$1], $1) }
        let taken = order.prefix(max(0, count))
        guard !taken.isEmpty else { return 0 }
        return Double(taken.count { labels[$0] > 0.5 }) / Double(taken.count)
    }
}
