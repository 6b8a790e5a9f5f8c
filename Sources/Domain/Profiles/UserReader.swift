package import Expressions
import Features

/// Where the number of a slot is found in a state.
enum NumberSource: Sendable {
    case now, firstSeen, lastSeen, age, risk, recency, frequency, monetary
    case feature(@Sendable (FeatureContext) -> Double)
    case share(AffinityKind, String)
    case shares(AffinityKind)
    case word(Words, String)
    case words(Words)
    case properties
    /// Another tag, by its place.
    case tag(Int)
    case tags
    case unknown

    enum Words: String, Sendable {
        case interests = "user.interests"
        case bought = "items.bought"
        case cart = "items.cart"
        case hidden = "items.hidden"
    }

    private static let features: [String: Feature] = Dictionary(
        FeatureCatalogue.features.map { ("stats.\($0.name)", $0) }, uniquingKeysWith: { $1 })
    private static let kinds: [String: AffinityKind] = Dictionary(
        AffinityKind.allCases.map { ("affinity.\($0.name)", $0) }, uniquingKeysWith: { $1 })

    init(_ slot: Slot, tags: [String: Int]) {
        switch slot {
        case .value("now"): self = .now
        case .value("first_seen"): self = .firstSeen
        case .value("last_seen"): self = .lastSeen
        case .value("user.age"): self = .age
        case .value("risk.score"): self = .risk
        case .value("segment.recency"): self = .recency
        case .value("segment.frequency"): self = .frequency
        case .value("segment.monetary"): self = .monetary
        case .value(let name): self = Self.features[name].map { .feature($0.value) } ?? .unknown
        case .entry(let name, let key):
            self = Self.kinds[name].map { .share($0, key) } ?? .unknown
        case .member(TagSet.symbol, let word): self = tags[word].map { .tag($0) } ?? .unknown
        case .member(let name, let word):
            self = Words(rawValue: name).map { .word($0, word) } ?? .unknown
        case .size("user.properties"): self = .properties
        case .size(TagSet.symbol): self = .tags
        case .size(let name):
            let set = Words(rawValue: name).map { NumberSource.words($0) }
            self = set ?? Self.kinds[name].map { .shares($0) } ?? .unknown
        }
    }
}

/// Where the text of a slot is found in a state.
enum TextSource: Sendable {
    case id, gender, occupation, education, income, region, riskAction
    case stage, tier, behaviour, taste
    case property(String)
    case unknown

    init(_ slot: TextSlot) {
        switch slot {
        case .value("user.id"): self = .id
        case .value("user.gender"): self = .gender
        case .value("user.occupation"): self = .occupation
        case .value("user.education"): self = .education
        case .value("user.income"): self = .income
        case .value("user.region"): self = .region
        case .value("risk.action"): self = .riskAction
        case .value("segment.stage"): self = .stage
        case .value("segment.rfm"): self = .tier
        case .value("segment.behaviour"): self = .behaviour
        case .value("segment.taste"): self = .taste
        case .entry("user.properties", let key): self = .property(key)
        default: self = .unknown
        }
    }
}

/// An expression whose slots were found in the states of users, once for all of them.
package struct UserReader: Sendable {
    package let expression: Expression
    let numbers: [NumberSource]
    let texts: [TextSource]

    /// An expression that may ask for tags, which have these places.
    init(_ expression: Expression, tags: [String: Int]) {
        self.expression = expression
        numbers = expression.slots.map { NumberSource($0, tags: tags) }
        texts = expression.textSlots.map { TextSource($0) }
    }

    /// The value for one user who has the tags that are 1.
    func value(of view: UserView, tags: [Double]) -> ExpressionValue {
        var registers = expression.program.registers()
        for (place, source) in numbers.enumerated() {
            switch source {
            case .tag(let tag): registers[place] = tags[tag]
            case .tags: registers[place] = tags.reduce(0, +)
            default: registers[place] = view.number(source)
            }
        }
        return expression.evaluate(&registers) { view.text(texts[$0]) }
    }
}
