import Learning
import Numerics
import Randomness
import Recommendation
import Testing

@Suite("Recommendations follow taste, rules and a fixed order", .timeLimit(.minutes(5)))
struct RecommendTests {
    @Test("A user of one taste gets items of that taste first")
    func taste() {
        let models = SmallWorld.models()
        var ask = Ask(taste: models.taste(of: SmallWorld.history(["i0", "i2", "i4"])))
        ask.count = 3
        ask.exclude = ["i0", "i2", "i4"]
        let answer = models.recommend(ask)
        #expect(answer.picks.map { Int($0.item) % 2 } == [0, 0, 0])
        #expect(!answer.isFallback)
    }

    @Test(
        "A batch answers each ask as it would be answered alone",
        arguments: 1...8 as ClosedRange<UInt64>)
    func batch(seed: UInt64) {
        let models = SmallWorld.models(items: 40, seed: seed)
        var random = SeededRandom(seed: seed)
        let asks = (0..<32).map { index in
            let items = (0..<random.index(below: 6)).map { _ in "i\(random.index(below: 40))" }
            var ask = Ask(taste: models.taste(of: SmallWorld.history(items, bought: items)))
            ask.count = 1 + index % 12
            ask.category = ["", "shoes", "bags", ""][index % 4]
            ask.explains = index % 2 == 0
            return ask
        }
        let together = models.recommend(asks)
        #expect(together == asks.map(models.recommend), "seed=\(seed)")
        #expect(together == models.recommend(asks), "seed=\(seed)")
    }

    @Test("Scores fall, ties go to the earlier item, and the parts are the score")
    func order() {
        let models = SmallWorld.models()
        var ask = Ask(taste: models.taste(of: SmallWorld.history(["i1", "i3"])))
        ask.count = 12
        ask.explains = true
        let picks = models.recommend(ask).picks
        #expect(picks.count == 12)
        for (a, b) in zip(picks, picks.dropFirst()) {
            #expect(a.score > b.score || (a.score == b.score && a.item < b.item))
        }
        let mixed = models.scores(of: picks.map { models.catalogue.ids[Int($0.item)] }, ask.taste)
        for (pick, other) in zip(picks, mixed) {
            let parts = Source.allCases.reduce(Float(0)) { $0 + pick.parts[$1.rawValue] }
            #expect(abs(parts - pick.score) < 1e-5)
            #expect(abs((other?.score ?? .nan) - pick.score) < 1e-4)
        }
        #expect(picks.contains { $0.because >= 0 })
    }

    @Test("An item that came just now is recommended at once, a withdrawn one never")
    func living() {
        var models = SmallWorld.models()
        var new = CatalogueEntry(id: "fresh")
        new.category = "bags"
        new.timeMs = 1_000_000
        models.refresh(asOfMs: 1_000_000)
        models.upsert(new)
        var ask = Ask(taste: Taste())
        ask.count = 13
        #expect(
            models.recommend(ask).picks.map { models.catalogue.ids[Int($0.item)] }.contains("fresh")
        )
        new.unavailable = true
        models.upsert(new)
        let answer = models.recommend(ask)
        #expect(answer.picks.count == 12)
        #expect(answer.filtered[Rule.unavailable.rawValue] == 1)
        #expect(answer.isFallback)
    }

    @Test("A fresh deed changes the answer without new models")
    func freshness() {
        let models = SmallWorld.models()
        func best(_ items: [String]) -> Int {
            var ask = Ask(taste: models.taste(of: SmallWorld.history(items)))
            ask.exclude = items
            ask.count = 1
            return Int(models.recommend(ask).picks[0].item) % 2
        }
        #expect(best(["i0", "i2"]) == 0)
        #expect(best(["i0", "i2", "i1", "i3", "i5"]) == 1)
        #expect(models.taste(of: SmallWorld.history(["i0"]), justSeen: ["i1"]).seeds == [1, 0])
    }

    @Test("Similar items leave out the item and start with its kind")
    func similar() {
        let models = SmallWorld.models()
        let picks = models.similar(to: 0, count: 5)
        #expect(picks.count == 5)
        #expect(!picks.contains { $0.item == 0 })
        #expect(picks[0].item % 2 == 0)
    }

    @Test("A kept taste says when it no longer fits")
    func fits() {
        var models = SmallWorld.models()
        let taste = models.taste(of: SmallWorld.history(["i0"]))
        #expect(models.fits(taste))
        models.upsert(CatalogueEntry(id: "more"))
        #expect(!models.fits(taste))
    }

    @Test("A category counts by what the user has beyond everybody, so one category says nothing")
    func categoryLift() {
        let models = SmallWorld.models()
        #expect(models.taste(of: SmallWorld.history(["i0", "i2"])).shares.allSatisfy { $0 < 0.6 })
        #expect(models.taste(of: SmallWorld.history(["i0", "i2"])).categories.count == 1)
        var single = Catalogue()
        for item in 0..<4 {
            var entry = CatalogueEntry(id: "i\(item)")
            entry.category = "all"
            single.upsert(entry)
        }
        var data = Interactions()
        for item in 0..<4 { data.append(user: "u", item: "i\(item)", weight: 1, timeMs: 0) }
        let flat = ModelSet(catalogue: single, popularity: .train(data))
        #expect(flat.taste(of: SmallWorld.history(["i0", "i1"])).shares.isEmpty)
    }
}
