import RiskRules

extension ReasonWords {
    /// "99.8 % of users have less"; empty where that is nothing special.
    static func beside(_ value: Double, _ distribution: Distribution) -> String {
        guard value.isFinite, let below = distribution.shareBelow(Float(value)),
            let above = distribution.shareAbove(Float(value))
        else { return "" }
        let isHigh = below >= above
        let share = isHigh ? below : above
        guard share >= 0.5 else { return "" }
        // Nobody is told that all users are otherwise because a thousandth was rounded away.
        let known = share > 0.999 ? "more than 99.9 %" : percent(share)
        return "\(known) of users have \(isHigh ? "less" : "more")"
    }
}
