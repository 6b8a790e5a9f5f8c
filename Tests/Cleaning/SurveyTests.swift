import Messages
import Numerics
import Randomness
import Testing

@testable import Cleaning

@Suite("What records hold is counted field by field")
struct SurveyTests {
    private func survey(_ events: [Event]) -> RecordSurvey {
        var survey = RecordSurvey()
        for event in events { survey.add(.event(event)) }
        return survey
    }

    private func event(_ change: (inout Event) -> Void) -> Event {
        var event = Event()
        event.userID = "u"
        event.timeMs = 1000
        change(&event)
        return event
    }

    private func field(_ name: String, _ survey: RecordSurvey) throws -> FieldSurvey {
        try #require(survey.fields(of: .event).first { $0.field.name == name })
    }

    @Test("coverage, spellings, quantiles and repetitions")
    func counts() throws {
        let events = (0..<100).map { number in
            event {
                $0.brand = number < 50 ? "Acme" : number < 60 ? "acme " : ""
                $0.price = number < 90 ? Double(number + 1) : 0
                $0.timeMs = Int64(number) * 10_000
            }
        }
        let found = survey(events + [events[3], event { $0.timeMs = 30_500 }])
        let brand = try field("brand", found)
        #expect((brand.records, brand.missing, brand.distinct) == (102, 41, 2))
        #expect(brand.untidy == 10)
        #expect(brand.variants.map(\.kept) == ["Acme"] && brand.variants[0].others == ["acme "])
        let price = try field("price", found)
        #expect((price.known, price.least, price.most) == (91, 1, 90))
        #expect(price.quantiles([0, 1]) == [1, 90])
        #expect((found.repeated, found.near) == (1, 1))
        #expect(found.firstMs == 10_000 && found.lastMs == 990_000)
        #expect(found.findings.contains { $0.field == "item_id" && $0.text == "nobody fills it" })
    }

    @Test("far out is far out in proportion, and the rule that is made keeps the rest")
    func outliers() throws {
        var random = SeededRandom(seed: 1)
        var events = (0..<2000).map { _ in
            event { $0.price = (10 + 40 * random.uniform()).rounded() }
        }
        events.append(event { $0.price = 90_000 })
        events.append(event { $0.price = 0.001 })
        let found = survey(events)
        let price = try field("price", found)
        let fences = try #require(price.fences(.iqr))
        #expect(fences.low > 0.01 && fences.low < 10 && fences.high > 50 && fences.high < 5000)
        let rule = try #require(found.findings.first { $0.field == "price" }?.rule)
        let plan = try CleaningPlan([rule])
        var emptied = 0
        for event in events {
            var content = Record.Content.event(event)
            _ = plan.clean(&content, plan.concerning(source: "")) { _, _ in emptied += 1 }
        }
        #expect(emptied == 2)
    }

    @Test("by z-score, what lies three standard deviations out")
    func zScore() throws {
        var choices = SurveyChoices()
        choices.outliers = .zScore
        var found = RecordSurvey(choices)
        let prices = (0..<200).map { Double(100 + $0 % 10) } + [200]
        for price in prices { found.add(.event(event { $0.price = price })) }
        let mean = prices.reduce(0, +) / 201
        let spread = (prices.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 200).squareRoot()
        let fences = try #require(try field("price", found).fences(.zScore))
        #expect(abs(fences.low - (mean - 3 * spread)) < 1e-9)
        #expect(abs(fences.high - (mean + 3 * spread)) < 1e-9)
        #expect(try field("price", found).outlierShare(.zScore) == 1 / 201)
        let rule = try #require(found.findings.first { $0.field == "price" }?.rule)
        #expect(rule.min == nil && (rule.max ?? 0) > 110 && (rule.max ?? 0) < 200)
    }

    @Test("what is missing is filled as asked for, by group where there is enough of it")
    func fillings() throws {
        func rule(
            _ name: String, _ fill: Filling?, by: String = ""
        ) throws -> CleaningRule? {
            var choices = SurveyChoices()
            choices.fill = fill
            choices.by = by
            var found = RecordSurvey(choices)
            for number in 0..<40 {
                found.add(
                    .event(
                        event {
                            $0.category = number % 2 == 0 ? "lamps" : "socks"
                            $0.region = number % 2 == 0 ? "north" : number < 30 ? "south" : ""
                            // Lamps 100, 102, 104 …; socks 1, 1, 1, 1 … and one of 41.
                            $0.price =
                                number % 10 == 9
                                ? 0
                                : number % 2 == 0
                                    ? Double(100 + number) : number == 1 ? 41 : 1
                        }))
            }
            let rules = found.findings.compactMap(\.rule)
            return rules.first { $0.field == name && !$0.fill.isEmpty }
        }
        let plain = try #require(try rule("price", nil))
        #expect(plain.by == "category" && plain.fills == ["lamps": "118.0", "socks": "1.0"])
        let mean = try #require(try rule("price", .mean))
        #expect(mean.fills["socks"] == "\((41.0 + 15) / 16)" && mean.fills["lamps"] == "119.0")
        let mode = try #require(try rule("region", .mode, by: "category"))
        #expect(mode.fills == ["lamps": "north", "socks": "south"] && mode.by == "category")
        let alone = try #require(try rule("region", .median))
        #expect(alone.fill == "north" && alone.by.isEmpty)
        #expect(try rule("region", nil) == nil)
        let byRegion = try #require(try rule("price", .median, by: "region"))
        #expect(byRegion.by == "region" && byRegion.fills["north"] == "118.0")
    }

    @Test("a sample of many is spread over all, and the middle stays the middle")
    func sample() throws {
        var price = FieldSurvey(try #require(RecordField("price", of: .event)))
        for number in 1...250_000 {
            price.add(.event(event { $0.price = Double(number) }))
        }
        #expect(price.sample.count <= FieldSurvey.sampleMax && price.known == 250_000)
        #expect(abs(price.quantiles([0.5])[0] - 125_000) < 2000)
        #expect(abs(price.mean - 125_000.5) < 1e-6)
    }

    @Test("a property that comes late was missing before")
    func properties() throws {
        var property = Property()
        property.key = "colour"
        property.value = "red"
        let found = survey([event { _ in }, event { _ in }, event { $0.properties = [property] }])
        let colour = try field("properties.colour", found)
        #expect((colour.records, colour.missing) == (3, 2))
    }
}
