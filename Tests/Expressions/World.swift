import Expressions
import Randomness

/// A small shop of symbols, and people made by chance.
enum World {
    static let symbols = SymbolTable([
        Symbol("now", .time, "the moment of asking"),
        Symbol("last_seen", .time, "newest event"),
        Symbol("first_seen", .time, "oldest event"),
        Symbol("stats.spend_30d", .number, unit: "money", "spent in 30 days"),
        Symbol("stats.views_7d", .number, unit: "events", "views in 7 days"),
        Symbol("stats.mean_rating", .number, unit: "stars", "mean of ratings"),
        Symbol("user.region", .text, "where the user lives"),
        Symbol("user.gender", .text, "as told"),
        Symbol("user.subscribed", .flag, "gets the letter"),
        Symbol("user.properties", .texts, "what else is known"),
        Symbol("tags", .set, "tags", vocabulary: ["vip", "new", "lost"]),
        Symbol("user.interests", .set, "as told"),
        Symbol("affinity.category", .numbers, unit: "share", "leanings"),
    ])

    struct Person {
        var numbers: [String: Double] = [:]
        var texts: [String: String] = [:]
        var sets: [String: Set<String>] = [:]
        var shares: [String: [String: Double]] = [:]
        var properties: [String: [String: String]] = [:]

        /// What a compiled expression is given.
        func number(_ slot: Slot) -> Double {
            switch slot {
            case .value(let name): numbers[name] ?? .nan
            case .entry(let name, let key): shares[name]?[key] ?? .nan
            case .member(let name, let word): sets[name, default: []].contains(word) ? 1 : 0
            case .size(let name):
                Double(
                    sets[name]?.count ?? shares[name]?.count ?? properties[name]?.count ?? 0)
            }
        }

        func text(_ slot: TextSlot) -> String? {
            switch slot {
            case .value(let name): texts[name]
            case .entry(let name, let key): properties[name]?[key]
            }
        }

        init() {}

        init(_ random: inout SplitMix64) {
            func chance(_ percent: Int) -> Bool {
                Int.random(in: 0..<100, using: &random) < percent
            }
            for name in ["stats.spend_30d", "stats.views_7d", "stats.mean_rating"]
            where chance(75) {
                numbers[name] = [0, 1, 2.5, -3, 500, 1e300].randomElement(using: &random)
            }
            numbers["now"] = 1_700_000_000_000
            for name in ["last_seen", "first_seen"] where chance(75) {
                numbers[name] =
                    1_700_000_000_000 - Double(Int.random(in: 0..<20, using: &random)) * 86_400_000
            }
            if chance(75) { numbers["user.subscribed"] = chance(50) ? 1 : 0 }
            for name in ["user.region", "user.gender"] where chance(75) {
                texts[name] = World.words.randomElement(using: &random)
            }
            sets["tags"] = Set(["vip", "new", "lost"].filter { _ in chance(40) })
            sets["user.interests"] = Set(World.words.filter { _ in chance(40) })
            shares["affinity.category"] = chance(30) ? [:] : ["baby": chance(50) ? 0.5 : 0]
            properties["user.properties"] = chance(50) ? ["tier": "North"] : [:]
        }
    }

    static let words = ["north", "North", "é", "e\u{301}t", "", "south"]

    static func evaluate(_ text: String, _ person: Person) throws -> ExpressionValue {
        let expression = try Expression(text, in: symbols)
        return evaluate(expression, person)
    }

    static func evaluate(_ expression: Expression, _ person: Person) -> ExpressionValue {
        var registers = expression.program.registers()
        for (place, slot) in expression.slots.enumerated() {
            registers[place] = person.number(slot)
        }
        return expression.evaluate(&registers) { person.text(expression.textSlots[$0]) }
    }
}
