package import Features

/// Where a user stands between the first visit and the last: told by rules from the user's own
/// rhythm, so that it needs no fitting.
package enum LifeCycle {
    package enum Stage: String, CaseIterable, Sendable {
        /// Never bought, and was here in the last 30 days.
        case visitor
        /// Never bought, and was not here for 30 days.
        case faded
        /// The first purchase is at most 30 days old.
        case new
        /// Bought within the time in which this user can be expected to buy again.
        case active
        /// Once that time late.
        case slipping
        /// Longer, up to four times that time.
        case dormant
        /// Longer still.
        case lost

        package var meaning: String {
            switch self {
            case .visitor: "never bought, here in the last 30 days"
            case .faded: "never bought, not here for 30 days"
            case .new: "first purchase in the last 30 days"
            case .active: "bought within the own usual time"
            case .slipping: "up to twice the usual time"
            case .dormant: "up to four times the usual time"
            case .lost: "longer"
            }
        }
    }

    /// A stage, and since when.
    package struct Standing: Equatable, Sendable {
        package var stage: Stage
        package var sinceMs: Int64
    }

    static let dayMs: Int64 = 86_400_000
    static let freshMs = 30 * dayMs
    /// For who has bought once only.
    static let usualMs = 45 * dayMs
    static let usualMinMs = 14 * dayMs
    static let usualMaxMs = 180 * dayMs

    /// The time in which a purchase can be expected after the last: one and a half times the user's
    /// mean gap, within 14 and 180 days; 45 days where there is no gap yet.
    package static func usualMs(_ purchases: PurchaseRhythm) -> Int64 {
        guard purchases.gaps > 0 else { return usualMs }
        let gapMs = purchases.gapHours / Double(purchases.gaps) * 3_600_000
        guard !gapMs.isNaN else { return usualMs }
        return Int64(min(max(1.5 * gapMs, Double(usualMinMs)), Double(usualMaxMs)))
    }

    /// Nil for who was never seen.
    package static func standing(of state: UserState, nowMs: Int64) -> Standing? {
        guard state.lastSeenMs != 0 else { return nil }
        let purchases = state.purchases
        guard purchases.lastMs != 0 else {
            let fadesMs = state.lastSeenMs + freshMs
            return nowMs <= fadesMs
                ? Standing(stage: .visitor, sinceMs: state.firstSeenMs)
                : Standing(stage: .faded, sinceMs: fadesMs)
        }
        let newUntilMs = purchases.firstMs + freshMs
        if nowMs <= newUntilMs { return Standing(stage: .new, sinceMs: purchases.firstMs) }
        let usual = usualMs(purchases)
        let ends = [1, 2, 4].map { purchases.lastMs + $0 * usual }
        // Who was new until after that time was never active in between.
        if nowMs <= ends[0] { return Standing(stage: .active, sinceMs: newUntilMs) }
        if nowMs <= ends[1] { return Standing(stage: .slipping, sinceMs: max(ends[0], newUntilMs)) }
        if nowMs <= ends[2] { return Standing(stage: .dormant, sinceMs: max(ends[1], newUntilMs)) }
        return Standing(stage: .lost, sinceMs: max(ends[2], newUntilMs))
    }
}
