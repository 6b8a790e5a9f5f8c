/// What a shop should do with a user; later cases are stricter.
package enum RiskAction: String, Sendable, CaseIterable, Comparable {
    case allow, review, block

    package static func < (one: RiskAction, other: RiskAction) -> Bool {
        one.rank < other.rank
    }

    private var rank: Int {
        switch self {
        case .allow: 0
        case .review: 1
        case .block: 2
        }
    }
}

/// How high a score is, by the same thresholds as the action, but without what rules demand.
package enum RiskLevel: String, Sendable, CaseIterable {
    case low, medium, high
}

/// Where scores begin to matter, and how much is thought of what stands alone.
package struct RiskThresholds: Sendable, Equatable {
    /// From this score on a user is to be looked at.
    package var review = 0.5
    /// From this score on a user is to be stopped.
    package var block = 0.8
    /// The most that being unlike all others adds to a score. Rare is not yet bad, so alone it
    /// stays below `review`.
    package var anomalyWeight = 0.3

    package init() {}

    package func level(_ score: Double) -> RiskLevel {
        score >= block ? .high : score >= review ? .medium : .low
    }

    package func action(_ score: Double) -> RiskAction {
        score >= block ? .block : score >= review ? .review : .allow
    }
}
