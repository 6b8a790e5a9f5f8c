/// Lengths of time as people write them: "500 ms", "5 s", "10 min", "1 h", "7 d".
package enum DurationText {
    private static let units: [(name: String, milliseconds: Double)] = [
        ("ms", 1), ("s", 1000), ("min", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]

    /// The length, or nil; a bare "0" needs no unit.
    package static func parse(_ text: String) -> Duration? {
        let packed = text.filter { $0 != " " }
        let digits = packed.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard let number = Double(digits), number.isFinite else { return nil }
        let unit = packed.dropFirst(digits.count)
        if unit.isEmpty && number == 0 { return .zero }
        guard let factor = units.first(where: { $0.name == unit })?.milliseconds else { return nil }
        let milliseconds = number * factor
        guard milliseconds < 1e15 else { return nil }
        return .milliseconds(Int64(milliseconds.rounded()))
    }

    /// The length in the largest unit that shows it as a whole number.
    package static func write(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
        if milliseconds == 0 { return "0" }
        for (name, factor) in units.reversed() {
            let whole = Int64(factor)
            if milliseconds % whole == 0 { return "\(milliseconds / whole) \(name)" }
        }
        return "\(milliseconds) ms"
    }
}
