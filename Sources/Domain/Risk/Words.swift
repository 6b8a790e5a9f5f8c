/// Numbers as reasons say them.
enum Words {
    /// Two decimals at most, none where there is nothing to say: 3, 1.75, 0.5.
    static func number(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e12 else { return "unknown" }
        let hundredths = Int((abs(value) * 100).rounded())
        var text = "\(hundredths / 100)"
        let rest = hundredths % 100
        if rest > 0 { text += rest < 10 ? ".0\(rest)" : ".\(rest)" }
        if rest > 0 && rest % 10 == 0 { text.removeLast() }
        return value < 0 && hundredths > 0 ? "-" + text : text
    }

    static func percent(_ share: Double) -> String {
        guard share.isFinite else { return "unknown" }
        let tenths = Int((share * 1000).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10) %" : "\(tenths / 10).\(tenths % 10) %"
    }

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
