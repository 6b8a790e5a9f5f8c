import Foundation
import Numerics
import Randomness
import Testing

@testable import Learning

@Suite("Metrics give the values worked out by hand")
struct MetricTests {
    @Test("ranking")
    func ranking() {
        let ranked: [Int32] = [5, 3, 9, 1]
        let relevant: Set<Int32> = [3, 1, 8]
        #expect(RankingMetrics.hit(ranked, relevant, k: 1) == 0)
        #expect(RankingMetrics.hit(ranked, relevant, k: 2) == 1)
        #expect(RankingMetrics.recall(ranked, relevant, k: 4) == 2.0 / 3)
        #expect(RankingMetrics.reciprocalRank(ranked, relevant, k: 4) == 0.5)
        #expect(RankingMetrics.averagePrecision(ranked, relevant, k: 4) == (0.5 + 0.5) / 3)
        let gain = 1 / log2(3.0) + 1 / log2(5.0)
        let best = 1 + 1 / log2(3.0) + 0.5
        #expect(abs(RankingMetrics.ndcg(ranked, relevant, k: 4) - gain / best) < 1e-12)
        #expect(RankingMetrics.ndcg(ranked, [], k: 4) == 0)
    }

    @Test("classification")
    func classification() {
        let chances = [0.9, 0.8, 0.8, 0.3]
        let labels: [Float] = [1, 0, 1, 0]
        #expect(ClassificationMetrics.auc(chances, labels) == 0.875)
        #expect(
            abs(ClassificationMetrics.averagePrecision(chances, labels) - (0.5 + 1.0 / 3)) < 1e-12)
        let loss = -(log(0.9) + log(1 - 0.8) + log(0.8) + log(0.7)) / 4
        #expect(abs(ClassificationMetrics.logLoss(chances, labels) - loss) < 1e-12)
        #expect(abs(ClassificationMetrics.baseRateLogLoss(labels) - log(2)) < 1e-12)
        #expect(
            abs(ClassificationMetrics.brier(chances, labels) - (0.01 + 0.64 + 0.04 + 0.09) / 4)
                < 1e-12)
        let confusion = Confusion(chances, labels)
        #expect(confusion.accuracy == 0.75)
        #expect(confusion.precision == 2.0 / 3)
        #expect(confusion.recall == 1)
        #expect(abs(confusion.f1 - 0.8) < 1e-12)
        #expect(ClassificationMetrics.auc([0.1], [1]) == 0.5)
    }

    @Test("AUC equals counting all pairs", arguments: 0..<10 as Range<UInt64>)
    func pairs(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let labels = (0..<60).map { _ in Float(random.index(below: 2)) }
        let chances = labels.map { _ in Double(random.index(below: 10)) / 10 }
        var won = 0.0
        var all = 0.0
        for a in 0..<60 where labels[a] == 1 {
            for b in 0..<60 where labels[b] == 0 {
                all += 1
                won += chances[a] > chances[b] ? 1 : (chances[a] == chances[b] ? 0.5 : 0)
            }
        }
        #expect(abs(ClassificationMetrics.auc(chances, labels) - won / all) < 1e-12, "seed=\(seed)")
    }

    @Test("a bootstrap interval holds the mean and repeats by seed")
    func bootstrap() {
        let values = (0..<200).map { Double($0 % 10) }
        let interval = Bootstrap.mean(values, seed: 4)
        #expect(interval.value == 4.5)
        #expect(interval.low < 4.5 && interval.high > 4.5)
        #expect(interval.high - interval.low < 1.2)
        #expect(interval == Bootstrap.mean(values, seed: 4))
    }

    @Test("leaving the last out leaks nothing and keeps users with one row")
    func leaveLast() {
        var data = Interactions()
        data.append(user: "a", item: "late", weight: 1, timeMs: 9)
        data.append(user: "a", item: "early", weight: 1, timeMs: 1)
        data.append(user: "b", item: "only", weight: 1, timeMs: 5)
        let split = data.leaveLastOut()
        #expect(split.held == [[0], []])
        #expect(split.train.items == [1, 2])
    }

    @Test("a time split asks for what is new to users known before")
    func timeSplit() {
        var data = Interactions()
        for (user, item, time) in [
            ("a", "x", 1), ("a", "x", 6), ("a", "y", 7), ("b", "y", 8), ("a", "y", 9),
        ] as [(String, String, Int64)] {
            data.append(user: user, item: item, weight: 1, timeMs: time)
        }
        let split = data.split(before: 6)
        #expect(split.train.count == 1)
        #expect(split.held == [[1], []])
        #expect(data.time(atQuantile: 0.5) == 7)
    }

    @Test("the full ranking of a walk puts item-to-item far above popularity")
    func evaluation() {
        let data = Worlds.walks(users: 120, items: 60, steps: 20, seed: 5)
        var options = LearningBench.RecommenderOptions()
        options.als.factors = 8
        options.filtersSeen = false
        let reports = LearningBench.recommenders(data.leaveLastOut(), options: options)
        #expect(reports.map(\.name) == ["popularity", "item_to_item", "als", "blend"])
        #expect(reports.allSatisfy { $0.users == 120 })
        #expect(reports[1].hitRateAt10 > reports[0].hitRateAt10 + 0.4)
        #expect(reports == LearningBench.recommenders(data.leaveLastOut(), options: options))
    }
}
