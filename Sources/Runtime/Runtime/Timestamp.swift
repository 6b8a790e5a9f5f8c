/// Unix milliseconds as ISO 8601 in UTC, by Howard Hinnant's civil-from-days.
package enum Timestamp {
    package static func text(_ wallMs: Int64) -> String {
        let days = floorDivide(wallMs, 86_400_000)
        // Wraps for times that no clock shows.
        let rest = wallMs &- days &* 86_400_000
        let (year, month, day) = date(days)
        let date = "\(pad(year, 4))-\(pad(month, 2))-\(pad(day, 2))"
        let hours = pad(rest / 3_600_000, 2)
        let minutes = pad(rest / 60_000 % 60, 2)
        let seconds = pad(rest / 1000 % 60, 2)
        return "\(date)T\(hours):\(minutes):\(seconds).\(pad(rest % 1000, 3))Z"
    }

    private static func date(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    private static func floorDivide(_ value: Int64, _ by: Int64) -> Int64 {
        let quotient = value / by
        return value % by < 0 ? quotient - 1 : quotient
    }

    private static func pad(_ value: Int64, _ width: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}
