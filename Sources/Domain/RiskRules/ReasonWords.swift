/// Numbers as reasons say them.
package enum ReasonWords {
    /// Two decimals at most, none where there is nothing to say: 3, 1.75, 0.5.
    package static func number(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e12 else { return "unknown" }
        let hundredths = Int((abs(value) * 100).rounded())
        var text = "\(hundredths / 100)"
        let rest = hundredths % 100
        if rest > 0 { text += rest < 10 ? ".0\(rest)" : ".\(rest)" }
        if rest > 0 && rest % 10 == 0 { text.removeLast() }
        return value < 0 && hundredths > 0 ? "-" + text : text
    }

    package static func percent(_ share: Double) -> String {
        guard share.isFinite else { return "unknown" }
        let tenths = Int((share * 1000).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10) %" : "\(tenths / 10).\(tenths % 10) %"
    }
}
