import Recommendation
import Testing

@Suite("Rules keep out what they name, count it, and never empty an answer needlessly")
struct RuleTests {
    /// All 3^4 worlds of four items, each allowed, bought or withdrawn, asked in five ways.
    @Test("In every small world the answer is exactly the allowed items")
    func exhaustive() {
        for world in 0..<81 {
            let fates = [world % 3, world / 3 % 3, world / 9 % 3, world / 27]
            for trained in [false, true] {
                var models = trained ? SmallWorld.models(items: 4) : ModelSet()
                for (item, fate) in fates.enumerated() {
                    var entry = CatalogueEntry(id: "i\(item)")
                    entry.category = item % 2 == 0 ? "shoes/run" : "bags"
                    entry.unavailable = fate == 2
                    models.upsert(entry)
                }
                check(models, fates)
            }
        }
    }

    private func check(_ models: ModelSet, _ fates: [Int]) {
        let bought = fates.indices.filter { fates[$0] == 1 }.map { "i\($0)" }
        for recent in [[], ["i0"], ["i0", "i1", "i3"]] {
            for (category, below) in [("", [0, 1, 2, 3]), ("shoes", [0, 2]), ("bags", [1, 3])] {
                for again in [false, true] {
                    var ask = Ask(
                        taste: models.taste(of: SmallWorld.history(recent, bought: bought)))
                    ask.category = category
                    ask.includesPurchased = again
                    let answer = models.recommend(ask)
                    let allowed = below.filter { fates[$0] == 0 || (again && fates[$0] == 1) }
                    #expect(
                        answer.picks.map(\.item).sorted() == allowed.map(Int32.init),
                        "fates=\(fates) recent=\(recent) category=\(category)")
                    #expect(answer.filtered.reduce(0, +) + allowed.count == 4)
                }
            }
        }
    }

    @Test("An item removed by several rules counts for the first")
    func counts() {
        let models = SmallWorld.models()
        var history = SmallWorld.history(["i0"], bought: ["i1", "i2"])
        history.hidden = ["i2", "i3"]
        history.inCart = ["i4"]
        var ask = Ask(taste: models.taste(of: history))
        ask.exclude = ["i4", "i5", "nobody knows"]
        ask.count = 100
        let answer = models.recommend(ask)
        #expect(answer.filtered == [0, 0, 2, 1, 1, 0, 0, 1])
        #expect(answer.picks.count == 12 - 5)
        ask.includesCart = true
        ask.exclude = []
        #expect(models.recommend(ask).picks.count == 12 - 3)
    }

    /// What is left out of the list of somebody who did everything once, by the rule.
    private func leftOut(_ policy: LeftOut) -> [Rule: Int] {
        let models = SmallWorld.models(leftOut: policy)
        var history = SmallWorld.history([], bought: ["i1", "i2"])
        for (place, type) in ([1, 3, 18, 11, 12, 5] as [Int32]).enumerated() {
            history.recent.append(
                UserHistory.Entry(item: "i\(place + 5)", type: type, timeMs: Int64(place)))
        }
        history.hidden = ["i3"]
        history.inCart = ["i4"]
        var ask = Ask(taste: models.taste(of: history))
        ask.count = 100
        let answer = models.recommend(ask)
        var counts: [Rule: Int] = [:]
        for rule in Rule.allCases where answer.filtered[rule.rawValue] > 0 {
            counts[rule] = answer.filtered[rule.rawValue]
        }
        #expect(answer.picks.count == 12 - counts.values.reduce(0, +))
        return counts
    }

    @Test("The policy says per kind of event what is left out")
    func policy() {
        var policy = LeftOut()
        #expect(leftOut(policy) == [.purchased: 2, .hidden: 1, .cart: 1, .rated: 2])
        policy.viewed = true
        #expect(leftOut(policy) == [.purchased: 2, .hidden: 1, .cart: 1, .rated: 2, .viewed: 3])
        policy.rated = false
        policy.purchased = false
        #expect(leftOut(policy) == [.hidden: 1, .cart: 1, .viewed: 3])
        policy.viewed = false
        policy.hidden = false
        policy.inCart = false
        #expect(leftOut(policy) == [:])
    }

    @Test("What is hidden does not speak for anything")
    func hidden() {
        var history = SmallWorld.history(["i0", "i2"])
        history.hidden = ["i2"]
        #expect(SmallWorld.models().taste(of: history).seeds == [0])
    }

    @Test("An unknown category has nothing to show")
    func unknownCategory() {
        let models = SmallWorld.models()
        var ask = Ask(taste: Taste())
        ask.category = "cars"
        #expect(models.recommend(ask).picks.isEmpty)
    }
}
