/// What a tag rests on.
package enum TagBasis: String, Comparable, Sendable, CaseIterable {
    /// What was told of the user.
    case fact
    /// What the user's events say.
    case statistic
    /// What a fitted model says.
    case model

    package static func < (one: Self, other: Self) -> Bool { one.rank < other.rank }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

extension NumberSource {
    /// Nil for what is no property of the user, and for other tags.
    var basis: TagBasis? {
        switch self {
        case .now, .tag, .tags, .unknown: nil
        case .age, .properties: .fact
        case .word(let words, _), .words(let words): words == .interests ? .fact : .statistic
        case .firstSeen, .lastSeen, .feature, .share, .shares: .statistic
        case .risk, .recency, .frequency, .monetary: .model
        }
    }

    /// 0 to 1: how certain a model is of what it says.
    func certainty(_ view: UserView) -> Double {
        if case .risk = self { view.riskCertainty } else { 1 }
    }
}

extension TextSource {
    var basis: TagBasis {
        switch self {
        case .id, .gender, .occupation, .education, .income, .region, .property, .unknown: .fact
        case .stage: .statistic
        case .riskAction, .tier, .behaviour, .taste: .model
        }
    }

    /// 0 to 1: how certain a model is of what it says.
    func certainty(_ view: UserView) -> Double {
        switch self {
        case .riskAction: view.riskCertainty
        case .behaviour: view.certainty(\.behaviourCertainty)
        case .taste: view.certainty(\.tasteCertainty)
        default: 1
        }
    }
}

extension UserReader {
    /// The least sure of what is asked for; `tags` have these.
    func basis(tags: [TagBasis]) -> TagBasis {
        let own = numbers.map { source in
            if case .tag(let tag) = source { tags[tag] } else { source.basis ?? .fact }
        }
        return (own + texts.map(\.basis)).max() ?? .fact
    }

    /// The least certainty of what is asked for, for one user whose tags have these.
    func certainty(of view: UserView, tags: [Double]) -> Double {
        let own = numbers.map { source in
            if case .tag(let tag) = source { tags[tag] } else { source.certainty(view) }
        }
        return (own + texts.map { $0.certainty(view) }).min() ?? 1
    }
}
