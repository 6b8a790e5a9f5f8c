import Audiences
import Expressions
import Randomness

/// Users of chance in an index and, beside it, as plain values.
struct World {
    static let nowMs: Int64 = 1_700_000_000_000
    static let symbols = SymbolTable([
        Symbol("now", .time, "now"), Symbol("last_seen", .time, "newest event"),
        Symbol("stats.spend_30d", .number, "spent"), Symbol("stats.views_7d", .number, "views"),
        Symbol("user.region", .text, "home"), Symbol("user.gender", .text, "as told"),
        Symbol("affinity.category", .numbers, "leanings"),
    ])
    static let slots: [Slot] = [
        .value("last_seen"), .value("stats.spend_30d"), .value("stats.views_7d"),
        .entry("affinity.category", "baby"), .size("affinity.category"),
    ]
    static let textSlots: [TextSlot] = [.value("user.region"), .value("user.gender")]

    struct Values: Equatable {
        var numbers: [Double]
        var texts: [String?]
    }

    var index: AudienceIndex
    var users: [String: Values] = [:]
    var random: SplitMix64

    static func tags() throws -> TagSet {
        try TagSet(
            [
                TagDefinition("best", condition: "'vip' in tags && user.region == 'north'"),
                TagDefinition("vip", condition: "stats.spend_30d > 50"),
                TagDefinition("lost", condition: "now - last_seen > 7d"),
            ], in: symbols)
    }

    init(seed: UInt64) throws {
        random = SplitMix64(seed: seed)
        index = AudienceIndex(
            slots: Self.slots, textSlots: Self.textSlots, tags: try Self.tags())
    }

    private mutating func chance(_ percent: Int) -> Bool {
        Int.random(in: 0..<100, using: &random) < percent
    }

    mutating func values() -> Values {
        var numbers: [Double] = []
        let day = Double(Int.random(in: 0..<20, using: &random))
        numbers.append(chance(10) ? .nan : Double(Self.nowMs) - day * 86_400_000)
        // Some that single precision cannot hold, in some chunks only.
        numbers.append(
            chance(30) ? .nan : chance(50) ? Double(Int.random(in: 0..<99, using: &random)) : 50.1)
        numbers.append(chance(50) ? 0 : Double(Int.random(in: 0..<5, using: &random)))
        let hasTaste = chance(40)
        numbers.append(hasTaste && chance(10) ? 0.5 : .nan)
        numbers.append(hasTaste ? 2 : 0)
        let texts = [
            ["north", "south", nil].randomElement(using: &random) ?? nil,
            ["f", "north", nil].randomElement(using: &random) ?? nil,
        ]
        return Values(numbers: numbers, texts: texts)
    }

    mutating func put(_ userID: String) -> [MembershipChange] {
        let values = values()
        users[userID] = values
        return index.update(
            userID, numbers: values.numbers, texts: values.texts, nowMs: Self.nowMs)
    }

    /// The users who meet a condition, asked one by one.
    func naive(_ expression: Expression) throws -> Set<String> {
        let tags = try Self.tags()
        func value(_ expression: Expression, _ values: Values) -> Double {
            var registers = expression.program.registers()
            for (register, slot) in expression.slots.enumerated() {
                registers[register] =
                    switch slot {
                    case .value("now"): Double(Self.nowMs)
                    case .size("tags"):
                        Double(tags.tags.filter { value($0.expression, values) == 1 }.count)
                    case .member("tags", let name):
                        tags.tags.first { $0.definition.name == name }
                            .map { value($0.expression, values) == 1 ? 1 : 0 } ?? .nan
                    default: Self.slots.firstIndex(of: slot).map { values.numbers[$0] } ?? .nan
                    }
            }
            return expression.program.evaluate(&registers) { place in
                Self.textSlots.firstIndex(of: expression.textSlots[place])
                    .flatMap { values.texts[$0] }
            }
        }
        return Set(users.filter { value(expression, $0.value) == 1 }.keys)
    }
}
