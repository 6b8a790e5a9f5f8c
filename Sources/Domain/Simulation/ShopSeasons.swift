import Glibc

/// When people come, and what they look for at which time of the year.
struct ShopSeasons: Sendable {
    /// Relative traffic by hour of the day: quiet nights, a lunch bump, a long evening.
    static let hours: [Double] = [
        0.40, 0.22, 0.14, 0.10, 0.10, 0.16, 0.35, 0.65, 0.90, 1.05, 1.15, 1.25,
        1.35, 1.25, 1.10, 1.10, 1.15, 1.25, 1.45, 1.75, 2.00, 1.95, 1.45, 0.80,
    ]
    /// By day of the week from Monday.
    static let weekdays: [Double] = [0.92, 0.90, 0.92, 0.95, 1.00, 1.22, 1.28]
    static let trafficMax = 2.0 * 1.28

    /// Traffic at a moment relative to the mean, about 1 on average.
    static func traffic(_ timeMs: Int64) -> Double {
        hours[Int(timeMs / 3_600_000 % 24)] * weekdays[weekday(timeMs)]
    }

    /// 0 = Monday; 1970-01-01 was a Thursday.
    static func weekday(_ timeMs: Int64) -> Int { Int((timeMs / 86_400_000 + 3) % 7) }

    /// Demand of a leaf on a day of the year: 1 without a season, up to 3 at its peak.
    static func demand(_ leaf: Assortment.Leaf, _ timeMs: Int64) -> Double {
        guard leaf.peakDay > 0 else { return 1 }
        let day = Double(timeMs / 86_400_000).truncatingRemainder(dividingBy: 365.2425)
        let angle = 2 * Double.pi * (day - Double(leaf.peakDay)) / 365.2425
        return exp(1.1 * cos(angle))
    }
}
