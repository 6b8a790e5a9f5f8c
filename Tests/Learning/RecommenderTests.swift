import Numerics
import Testing

@testable import Learning

@Suite("Recommenders find what was hidden")
struct RecommenderTests {
    private func smallALS() -> ALSModel.Options {
        var options = ALSModel.Options()
        options.factors = 4
        options.regularisation = 0.1
        return options
    }

    @Test(
        "the held-out diagonal of a checkerboard ranks first", arguments: ["als", "item_to_item"])
    func checkerboard(kind: String) throws {
        let data = Worlds.checkerboard(20)
        var options = ItemToItemModel.Options()
        options.serving.followingShare = 0
        let model: any Recommender =
            kind == "als"
            ? ALSModel.train(data, options: smallALS())
            : ItemToItemModel.train(data, options: options)
        for (user, history) in data.histories().enumerated() {
            let best = try #require(model.recommend(for: history, count: 1).first)
            #expect(best.index == user, "user=\(user)")
        }
    }

    @Test("the next item of a walk ranks first")
    func walk() {
        let model = ItemToItemModel.train(Worlds.walks(users: 80, items: 30, steps: 40, seed: 3))
        for item in 0..<30 {
            let history = History(items: [Int32(item)])
            #expect(model.recommend(for: history, count: 1).first?.index == (item + 1) % 30)
        }
        #expect(model.similar(to: 4, count: 3).first?.index == 5)
    }

    @Test("a model is not changed by who else is asked: batch equals single")
    func batch() {
        let data = Worlds.walks(users: 60, items: 50, steps: 12, seed: 4)
        let model = ALSModel.train(data, options: smallALS())
        let histories = data.histories()
        let together = model.scores(for: histories)
        for (user, history) in histories.enumerated() {
            let alone = model.scores(for: history)
            let worst = zip(alone, together.row(user)).map { abs($0 - $1) }.max() ?? 1
            #expect(worst < 1e-4, "user=\(user)")
        }
    }

    @Test("equal seed and data give equal bytes, another seed does not")
    func deterministic() {
        let data = Worlds.walks(users: 90, items: 150, steps: 15, seed: 6)
        var options = smallALS()
        let first = ALSModel.train(data, options: options).safetensors()
        #expect(first == ALSModel.train(data, options: options).safetensors())
        options.seed = 2
        #expect(first != ALSModel.train(data, options: options).safetensors())
        #expect(
            ItemToItemModel.train(data).safetensors() == ItemToItemModel.train(data).safetensors())
    }

    @Test("an old choice counts half per half-life; a category keeps its own")
    func popularity() {
        var data = Interactions()
        data.append(user: "a", item: "old", weight: 4, timeMs: 0)
        data.append(user: "a", item: "new", weight: 1.5, timeMs: 2000)
        let model = PopularityModel.train(data, halfLifeMs: 1000, categories: [7, 8])
        #expect(model.counts == [1, 1.5])
        #expect(PopularityModel.train(data).counts == [4, 1.5])
        #expect(model.scores(inCategory: 7) == [1, 0])
        #expect(model.recommend(for: History(items: [1]), count: 5).map(\.index) == [0])
    }

    @Test("an unknown user gets popular items, not nothing")
    func unknown() {
        let data = Worlds.walks(users: 40, items: 20, steps: 10, seed: 8)
        let model = ItemToItemModel.train(data)
        let popular = PopularityModel.train(data)
        #expect(
            model.recommend(for: .empty, count: 5).map(\.index)
                == popular.recommend(for: .empty, count: 5).map(\.index))
        let als = ALSModel.train(data, options: smallALS())
        #expect(als.scores(for: .empty).allSatisfy { $0 == 0 })
        #expect(als.recommend(for: .empty, count: 5).count == 5)
    }

    @Test("no data is a model too")
    func nothing() {
        let data = Interactions()
        #expect(ALSModel.train(data).recommend(for: .empty, count: 5).isEmpty)
        #expect(ItemToItemModel.train(data).recommend(for: .empty, count: 5).isEmpty)
    }
}
