import Learning
import Messages
import ModelTraining
import Numerics
import Randomness
import Recommendation
import Runtime
import Testing

/// A seeded shop: each user likes two of ten categories and walks on from item to item there, with
/// a tenth of detours to anything, popular items more often.
private struct Shop {
    static let items = 400
    static let categories = 10
    var data = Interactions()

    init(seed: UInt64, users: Int = 300) {
        var random = SeededRandom(seed: seed)
        for item in 0..<Self.items { _ = data.itemNames.number(adding: "i\(item)") }
        let each = Self.items / Self.categories
        for user in 0..<users {
            let likes = [
                random.index(below: Self.categories), random.index(below: Self.categories),
            ]
            var item = likes[0] * each + random.index(below: each)
            for step in 0..<(8 + random.index(below: 20)) {
                data.append(
                    user: "u\(user)", item: "i\(item)", weight: 1, timeMs: Int64(step) * 1000)
                switch random.index(below: 10) {
                case 0:
                    // The product of two chances prefers low numbers.
                    item = random.index(below: 1 + random.index(below: Self.items))
                case 1...3: item = likes[random.index(below: 2)] * each + random.index(below: each)
                default: item = item / each * each + (item + 1 + random.index(below: 3)) % each
                }
            }
        }
    }

    static var categoryNumbers: [Int32] {
        (0..<items).map { Int32($0 / (items / categories)) }
    }

    struct Models {
        var popularity: PopularityModel
        var neighbours: ItemToItemModel
        var factors: ALSModel
        var served: ModelSet
    }

    static func train(_ data: Interactions) -> Models {
        var options = ALSModel.Options()
        options.factors = 16
        let popularity = PopularityModel.train(data, categories: categoryNumbers)
        let neighbours = ItemToItemModel.train(data, categories: categoryNumbers)
        let factors = ALSModel.train(data, options: options)
        return Models(
            popularity: popularity, neighbours: neighbours, factors: factors,
            served: ModelSet(
                popularity: popularity, categories: (0..<categories).map { "c\($0)" },
                neighbours: neighbours, factors: factors))
    }
}

@Suite("What is served is what was evaluated", .timeLimit(.minutes(5)))
struct ServedTests {
    @Test("The same history gives the same list", arguments: 1...3 as ClosedRange<UInt64>)
    func same(seed: UInt64) {
        let shop = Shop(seed: seed)
        let models = Shop.train(shop.data).served
        for history in shop.data.histories().prefix(100) {
            let names = history.items.map { shop.data.itemNames[$0] }
            var ask = Ask(taste: models.taste(of: SmallWorld.history(names, bought: names)))
            ask.count = 20
            let served = models.recommend(ask).picks.map { Int($0.item) }
            let evaluated = models.recommend(for: history, count: 20).map(\.index)
            #expect(served == evaluated, "seed=\(seed) items=\(history.items)")
        }
    }

    @Test(
        "The mix is as good as the blend that evaluation shows",
        arguments: 1...3 as ClosedRange<UInt64>)
    func quality(seed: UInt64) {
        let split = Shop(seed: seed).data.leaveLastOut()
        let models = Shop.train(split.train)
        let evaluation = RankingEvaluation(split)
        func hits(_ model: any Recommender) -> Double {
            evaluation.report(model, name: "").hitRateAt10
        }
        let served = hits(models.served)
        let shares = BlendModel.shares
        let blend = hits(
            BlendModel([(models.neighbours, shares.itemToItem), (models.factors, shares.als)]))
        // Three of three hundred users.
        #expect(abs(served - blend) <= 0.01, "seed=\(seed) served=\(served) blend=\(blend)")
        #expect(served > hits(models.popularity) * 2, "seed=\(seed)")
        #expect(served > hits(models.factors) * 2, "seed=\(seed)")
    }

    @Test("Where order says nearly all, training gives item-to-item nearly all of the mix")
    func chosenMix() throws {
        let data = Shop(seed: 1).data
        var records = OfflineRecords()
        for row in 0..<data.count {
            var event = Event()
            event.userID = data.userNames[data.users[row]]
            event.itemID = data.itemNames[data.items[row]]
            event.type = .purchase
            event.timeMs = 1_600_000_000_000 + data.timesMs[row]
            var record = Record()
            record.content = .event(event)
            records.add(record)
        }
        var configuration = Configuration()
        configuration.trainer.als.factors = 8
        configuration.trainer.als.iterations = 5
        let pipeline = ServedPipeline(configuration)
        let evaluation = try OfflineEvaluation(
            records, OfflineSplit(records, .leaveLastOut, pipeline: pipeline), pipeline: pipeline)
        #expect(evaluation.served.weights.factors < pipeline.weights.factors)
        let hits = evaluation.results(filtersSeen: true).map(\.report.hitRateAt10)
        // Popularity, item-to-item, ALS, blend, served.
        #expect(hits.count == 5)
        #expect(hits[4] >= (hits[..<3].max() ?? 1) - 0.01, "\(hits)")
    }

    @Test("Item-to-item counts the same way in its own scores and in the mix")
    func neighbours() {
        let shop = Shop(seed: 5)
        let models = Shop.train(shop.data)
        var weights = BlendWeights()
        weights.popular = 0
        let alone = ModelSet(
            popularity: .train(shop.data), neighbours: .train(shop.data), weights: weights)
        let plain = ItemToItemModel.train(shop.data)
        for history in shop.data.histories().prefix(50) {
            let own = plain.recommend(for: history, count: 5).map(\.index)
            let mixed = alone.recommend(for: history, count: 5).map(\.index)
            // Popularity, which only the model adds here, can swap what is all but equal.
            #expect(Set(own).intersection(mixed).count >= 4, "items=\(history.items)")
        }
        #expect(models.served.itemCount == Shop.items)
    }
}
