/// Unix milliseconds as ISO 8601 in UTC.
package enum Timestamp {
    /// 2025-01-31T23:59:59.000Z.
    package static func text(_ wallMs: Int64) -> String {
        let days = wallMs / 86_400_000 - (wallMs % 86_400_000 < 0 ? 1 : 0)
        // Wraps for times that no clock shows.
        let rest = Int(wallMs &- days &* 86_400_000)
        let hours = Padding.zeros(rest / 3_600_000, 2)
        let minutes = Padding.zeros(rest / 60_000 % 60, 2)
        let seconds = Padding.zeros(rest / 1000 % 60, 2)
        let date = CivilDate(daysSince1970: Int(days))
        return "\(date)T\(hours):\(minutes):\(seconds).\(Padding.zeros(rest % 1000, 3))Z"
    }
}
