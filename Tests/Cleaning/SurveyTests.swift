import Messages
import Numerics
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
        let fences = try #require(price.fences)
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
