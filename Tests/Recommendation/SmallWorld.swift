import Learning
import Numerics
import Randomness
import Recommendation

/// A little shop: users of two tastes, items "i0" … of two categories, trained models.
struct SmallWorld {
    static func models(
        items: Int = 12, seed: UInt64 = 1, extra: [CatalogueEntry] = [],
        leftOut: LeftOut = LeftOut()
    ) -> ModelSet {
        var random = SeededRandom(seed: seed)
        var data = Interactions()
        for item in 0..<items { _ = data.itemNames.number(adding: "i\(item)") }
        for user in 0..<30 {
            let half = user % 2
            for step in 0..<6 {
                let item = 2 * random.index(below: max(1, items / 2)) + half
                data.append(
                    user: "u\(user)", item: "i\(min(item, items - 1))", weight: 1,
                    timeMs: Int64(step))
            }
        }
        let categories = (0..<items).map { Int32($0 % 2) }
        var options = ALSModel.Options()
        options.factors = 4
        options.iterations = 3
        var catalogue = Catalogue()
        for entry in extra { catalogue.upsert(entry) }
        return ModelSet(
            catalogue: catalogue, popularity: .train(data, categories: categories),
            categories: ["shoes/run", "bags"], neighbours: .train(data),
            factors: .train(data, options: options), leftOut: leftOut, names: ["als/1"],
            generation: 7)
    }

    static func history(_ items: [String], bought: [String] = []) -> UserHistory {
        var history = UserHistory()
        history.recent = items.enumerated().map {
            UserHistory.Entry(item: $1, type: 1, timeMs: Int64($0))
        }
        history.purchased = bought
        return history
    }
}
