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

    package func report(_ model: any Recommender, name: String) -> RankingReport {
        let lists = Parallel.mapPieces(count: asked.count, grain: 16) { piece in
            piece.map { index in
                model.recommend(
                    for: histories[asked[index]], count: 20, keepingSeen: !filtersSeen
                ).map { Int32($0.index) }
            }
        }.flatMap { $0 }
        return RankingReport(
            name: name, lists: lists, held: asked.map { split.held[$0] },
            itemCount: model.itemCount)
    }
}

extension RankingReport {
    /// Judges lists of up to 20 items by what their users did next, one entry each.
    package init(name: String, lists: [[Int32]], held: [[Int32]], itemCount: Int) {
        precondition(lists.count == held.count)
        let relevant = held.map(Set.init)
        func mean(_ metric: ([Int32], Set<Int32>) -> Double) -> Double {
            let sum = zip(lists, relevant).reduce(0) { $0 + metric($1.0, $1.1) }
            return lists.isEmpty ? 0 : sum / Double(lists.count)
        }
        let shown = Set(lists.joined())
        self.init(
            name: name, users: lists.count,
            hitRateAt10: mean { RankingMetrics.hit($0, $1, k: 10) },
            recallAt20: mean { RankingMetrics.recall($0, $1, k: 20) },
            ndcgAt10: mean { RankingMetrics.ndcg($0, $1, k: 10) },
            ndcgAt20: mean { RankingMetrics.ndcg($0, $1, k: 20) },
            mrrAt20: mean { RankingMetrics.reciprocalRank($0, $1, k: 20) },
            mapAt20: mean { RankingMetrics.averagePrecision($0, $1, k: 20) },
            coverageAt20: itemCount == 0 ? 0 : Double(shown.count) / Double(itemCount),
            recalls: zip(lists, relevant).map { RankingMetrics.recall($0, $1, k: 20) })
    }
}
