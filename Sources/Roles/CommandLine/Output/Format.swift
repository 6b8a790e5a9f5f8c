import PlainText

/// Numbers, durations and sizes as people read them; always with a point and commas.
package enum Format {
    /// 1234567 → 1,234,567.
    package static func count(_ number: Int) -> String {
        var digits = String(number.magnitude)
        var groups: [String] = []
        while digits.count > 3 {
            groups.append(String(digits.suffix(3)))
            digits.removeLast(3)
        }
        groups.append(digits)
        return (number < 0 ? "-" : "") + groups.reversed().joined(separator: ",")
    }

    /// With so many decimals, grouped; "n/a" for what is not finite.
    package static func decimal(_ number: Double, _ places: Int = 2) -> String {
        guard number.isFinite, abs(number) < 1e15 else { return "n/a" }
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        guard abs(number) * scale < 9e18 else { return "n/a" }
        let scaled = Int((abs(number) * scale).rounded())
        let whole = count(scaled / Int(scale))
        let sign = number < 0 && scaled > 0 ? "-" : ""
        guard places > 0 else { return sign + whole }
        let fraction = String(scaled % Int(scale))
        let zeros = String(repeating: "0", count: places - fraction.count)
        return "\(sign)\(whole).\(zeros)\(fraction)"
    }

    package static func percent(_ share: Double, _ places: Int = 1) -> String {
        share.isFinite ? decimal(share * 100, places) + " %" : "n/a"
    }

    /// Bytes with binary units.
    package static func bytes(_ count: Int) -> String {
        let units = ["KiB", "MiB", "GiB", "TiB"]
        if count < 1024 { return "\(count) B" }
        var size = Double(count) / 1024
        var unit = 0
        while size >= 1024 && unit < units.count - 1 {
            size /= 1024
            unit += 1
        }
        return decimal(size, 1) + " " + units[unit]
    }

    /// Two units at most: 850 ms, 4.2 s, 3 min 05 s, 2 h 10 min, 5 d 3 h.
    package static func duration(_ seconds: Double) -> String {
        guard seconds >= 0, seconds < 1e15 else { return "n/a" }
        if seconds < 0.9995 { return "\(Int((seconds * 1000).rounded())) ms" }
        if seconds < 59.95 { return decimal(seconds, 1) + " s" }
        let whole = Int(seconds.rounded())
        if whole < 3_600 { return "\(whole / 60) min \(Padding.zeros(whole % 60, 2)) s" }
        if whole < 86_400 { return "\(whole / 3_600) h \(Padding.zeros(whole / 60 % 60, 2)) min" }
        return "\(whole / 86_400) d \(whole / 3_600 % 24) h"
    }

    /// 2025-01-31 23:59:59 in UTC.
    package static func time(_ timeMs: Int64) -> String {
        let days = Int((Double(timeMs) / 86_400_000).rounded(.down))
        let date = CivilDate(daysSince1970: days)
        // Wraps for times that no clock shows.
        let second = Int((timeMs &- Int64(days) &* 86_400_000) / 1000)
        let (hours, minutes) = (second / 3600, second / 60 % 60)
        return "\(date) \(Padding.zeros(hours, 2)):\(Padding.zeros(minutes, 2)):"
            + Padding.zeros(second % 60, 2)
    }

    /// How long ago, in one unit.
    package static func ago(_ timeMs: Int64, nowMs: Int64) -> String {
        let (difference, isOver) = nowMs.subtractingReportingOverflow(timeMs)
        if isOver { return timeMs > nowMs ? "in the future" : "never" }
        let seconds = Int(difference / 1000)
        switch seconds {
        case ..<0: return "in the future"
        case ..<90: return "\(seconds) s ago"
        case ..<5_400: return "\(seconds / 60) min ago"
        case ..<172_800: return "\(seconds / 3_600) h ago"
        default: return "\(seconds / 86_400) days ago"
        }
    }

    /// A bar of so many columns, in eighths.
    package static func bar(_ share: Double, width: Int) -> String {
        let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
        let eighths = Int((min(max(share, 0), 1) * Double(width * 8)).rounded())
        return String(repeating: "█", count: eighths / 8) + parts[eighths % 8]
    }
}
