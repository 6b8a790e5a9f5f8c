import Numerics

/// What a full ranking of all items gave, meaned over the users asked.
package struct RankingReport: Sendable, Equatable {
    package var name: String
    package var users: Int
    package var hitRateAt10: Double
    package var recallAt20: Double
    package var ndcgAt10: Double
    package var ndcgAt20: Double
    package var mrrAt20: Double
    package var mapAt20: Double
    /// Share of all items that stand in somebody's first 20.
    package var coverageAt20: Double
    /// Each user's recall at 20, for intervals.
    package var recalls: [Double]

    /// The mean recall at 20 with a seeded 95 % bootstrap interval.
    package func recallInterval(seed: UInt64) -> Interval {
        Bootstrap.mean(recalls, seed: seed)
    }
}

/// Ranks all items for every user asked, in parallel.
package struct RankingEvaluation: Sendable {
    /// Leaves out of the ranking what the user had in training.
    package var filtersSeen = true
    package let split: Split
    private let histories: [History]
    private let asked: [Int]

    package init(_ split: Split) {
        self.split = split
        histories = split.train.histories()
        asked = split.held.indices.filter { !split.held[$0].isEmpty }
    }

    private struct Row {
        let relevant: Set<Int32>
        let ranked: [Int32]
    }

    package func report(_ model: any Recommender, name: String) -> RankingReport {
        let rows = Parallel.mapPieces(count: asked.count, grain: 16) { piece in
            piece.map { index in
                let user = asked[index]
                let best = model.recommend(
                    for: histories[user], count: 20, keepingSeen: !filtersSeen)
                return Row(
                    relevant: Set(split.held[user]), ranked: best.map { Int32($0.index) })
            }
        }.flatMap { $0 }
        return report(rows, name: name, itemCount: model.itemCount)
    }

    private func report(_ rows: [Row], name: String, itemCount: Int) -> RankingReport {
        func mean(_ metric: (Row) -> Double) -> Double {
            rows.isEmpty ? 0 : rows.reduce(0) { $0 + metric($1) } / Double(rows.count)
        }
        var shown: Set<Int32> = []
        for row in rows { shown.formUnion(row.ranked) }
        return RankingReport(
            name: name, users: rows.count,
            hitRateAt10: mean { RankingMetrics.hit($0.ranked, $0.relevant, k: 10) },
            recallAt20: mean { RankingMetrics.recall($0.ranked, $0.relevant, k: 20) },
            ndcgAt10: mean { RankingMetrics.ndcg($0.ranked, $0.relevant, k: 10) },
            ndcgAt20: mean { RankingMetrics.ndcg($0.ranked, $0.relevant, k: 20) },
            mrrAt20: mean { RankingMetrics.reciprocalRank($0.ranked, $0.relevant, k: 20) },
            mapAt20: mean { RankingMetrics.averagePrecision($0.ranked, $0.relevant, k: 20) },
            coverageAt20: itemCount == 0 ? 0 : Double(shown.count) / Double(itemCount),
            recalls: rows.map { RankingMetrics.recall($0.ranked, $0.relevant, k: 20) })
    }
}
