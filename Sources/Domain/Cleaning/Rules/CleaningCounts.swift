/// Decisions counted by rule and source.
package struct CleaningCounts: Sendable {
    package struct Key: Hashable, Sendable {
        /// Place of the rule.
        package var rule: Int
        package var source: String
        package var decision: CleaningDecision
    }

    package private(set) var counts: [Key: UInt64] = [:]
    private var sources: Set<String> = []

    /// More are counted together.
    package static let sourcesMax = 32
    package static let others = "others"

    package init() {}

    /// The name under which a source is counted.
    package mutating func name(_ source: String) -> String {
        if sources.contains(source) { return source }
        guard sources.count < Self.sourcesMax else { return Self.others }
        sources.insert(source)
        return source
    }

    package mutating func note(_ rule: Int, _ decision: CleaningDecision, source: String) {
        counts[Key(rule: rule, source: source, decision: decision), default: 0] += 1
    }

    /// Gives the counts away and goes on from nothing; names of sources stay known.
    package mutating func take() -> CleaningCounts {
        defer { counts = [:] }
        return self
    }

    package static func += (sum: inout Self, other: Self) {
        for (key, count) in other.counts { sum.counts[key, default: 0] += count }
    }
}
