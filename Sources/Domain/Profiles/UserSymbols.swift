package import Expressions
import Features

/// What expressions may ask of a user.
package enum UserSymbols {
    /// Every name but the tags, which the configuration adds.
    package static let table = SymbolTable(
        moments + attributes + items + risk + segments + affinities + statistics)

    static let moments = [
        Symbol("now", .time, "the moment of asking: where windows end"),
        Symbol("first_seen", .time, "the oldest event"),
        Symbol("last_seen", .time, "the newest event"),
    ]

    static let attributes = [
        Symbol("user.id", .text, "the user's id"),
        Symbol("user.gender", .text, "as the shop knows it"),
        Symbol("user.age", .number, unit: "years", "as the shop knows it"),
        Symbol("user.occupation", .text, "as the shop knows it"),
        Symbol("user.education", .text, "as the shop knows it"),
        Symbol("user.income", .text, "as the shop knows it"),
        Symbol("user.region", .text, "as the shop knows it"),
        Symbol("user.interests", .set, "as the user stated them"),
        Symbol("user.properties", .texts, "what else the shop knows, by key"),
    ]

    static let items = [
        Symbol("items.bought", .set, "ids of the last items bought"),
        Symbol("items.cart", .set, "ids of the items in the cart now"),
        Symbol("items.hidden", .set, "ids of the items hidden"),
    ]

    static let risk = [
        Symbol("risk.score", .number, unit: "score", "as limn risk says; unknown to its own rules"),
        Symbol("risk.action", .text, "allow, review or block; unknown to the rules of risk"),
    ]

    static let segments = [
        Symbol("segment.stage", .text, "of the life cycle: new, active, lost …; limn segments"),
        Symbol("segment.rfm", .text, "champions, loyal …; unknown before limn segments fit"),
        Symbol("segment.recency", .number, unit: "score", "1 to 5, 5 bought lately"),
        Symbol("segment.frequency", .number, unit: "score", "1 to 5, 5 buys often"),
        Symbol("segment.monetary", .number, unit: "score", "1 to 5, 5 spends much"),
        Symbol("segment.behaviour", .text, "name of the cluster of behaviour; limn segments"),
        Symbol("segment.taste", .text, "name of the cluster of taste; limn segments"),
    ]

    static let affinities = AffinityKind.allCases.map { kind in
        Symbol(
            "affinity.\(kind.name)", .numbers, unit: "share",
            "share of the user's interest, by \(kind.name)")
    }

    static let statistics = FeatureCatalogue.features.map { feature in
        Symbol(
            "stats.\(feature.name)", .number, unit: feature.unit.rawValue, feature.meaning)
    }
}
