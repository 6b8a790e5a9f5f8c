import PlainText

/// How a file writes moments.
package enum TimeFormat: String, Sendable, CaseIterable {
    case seconds = "s"
    case milliseconds = "ms"
    /// 1396437466.94
    case fractionalSeconds = "s.fraction"
    /// 2019-10-01T00:00:00Z, with offset or without; also with a space, or " UTC" at the end.
    case iso
    /// A running number per user: time = start + number × step.
    case order

    /// Unix milliseconds, or nil if the text is no such moment.
    package func milliseconds(_ text: String, startMs: Int64, stepMs: Int64) -> Int64? {
        switch self {
        case .seconds: return Self.scaled(text, by: 1000)
        case .milliseconds: return Int64(text)
        case .fractionalSeconds:
            guard let seconds = Double(text), abs(seconds) < 1e12 else { return nil }
            return Int64((seconds * 1000).rounded())
        case .iso: return Self.iso(Array(text.utf8))
        case .order:
            guard let number = Int64(text) else { return nil }
            let (span, overflow) = number.multipliedReportingOverflow(by: stepMs)
            return overflow ? nil : startMs &+ span
        }
    }

    private static func scaled(_ text: String, by factor: Int64) -> Int64? {
        guard let number = Int64(text) else { return nil }
        let (product, overflow) = number.multipliedReportingOverflow(by: factor)
        return overflow ? nil : product
    }

    /// yyyy-MM-dd[T or space]HH:mm[:ss[.fraction]][Z | UTC | ±hh[:]mm]; a date alone is midnight.
    static func iso(_ bytes: [UInt8]) -> Int64? {
        var reader = DigitReader(bytes: bytes)
        guard let year = reader.number(4), reader.skip("-"), let month = reader.number(2),
            reader.skip("-"), let day = reader.number(2),
            let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        var result = Int64(date.daysSince1970) * 86_400_000
        if reader.isAtEnd { return result }
        guard reader.skip("T") || reader.skip(" "), let hour = reader.number(2),
            reader.skip(":"), let minute = reader.number(2), hour < 24, minute < 60
        else { return nil }
        result += Int64(hour * 60 + minute) * 60_000
        if reader.skip(":") {
            guard let second = reader.number(2), second < 61 else { return nil }
            result += Int64(second) * 1000
            if reader.skip(".") {
                guard let fraction = reader.fractionMs() else { return nil }
                result += fraction
            }
        }
        _ = reader.skip(" ")
        if reader.isAtEnd || reader.rest == "Z" || reader.rest == "UTC" { return result }
        let isEast = reader.skip("+")
        guard isEast || reader.skip("-"), let hours = reader.number(2), hours < 24 else {
            return nil
        }
        _ = reader.skip(":")
        let minutes = reader.isAtEnd ? 0 : reader.number(2)
        guard let minutes, minutes < 60, reader.isAtEnd else { return nil }
        let offset = Int64(hours * 60 + minutes) * 60_000
        return isEast ? result - offset : result + offset
    }
}

/// Walks over a text of digits and separators.
private struct DigitReader {
    let bytes: [UInt8]
    var at = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { at >= bytes.count }
    var rest: String { String(decoding: bytes[at...], as: UTF8.self) }

    mutating func number(_ digits: Int) -> Int? {
        guard at + digits <= bytes.count else { return nil }
        var result = 0
        for byte in bytes[at..<(at + digits)] {
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            result = result * 10 + Int(byte - 0x30)
        }
        at += digits
        return result
    }

    mutating func skip(_ letter: Character) -> Bool {
        guard at < bytes.count, letter.asciiValue == bytes[at] else { return false }
        at += 1
        return true
    }

    mutating func fractionMs() -> Int64? {
        var result: Int64 = 0
        var scale: Int64 = 100
        let start = at
        while at < bytes.count, bytes[at] >= 0x30, bytes[at] <= 0x39 {
            result += Int64(bytes[at] - 0x30) * scale
            scale /= 10
            at += 1
        }
        return at > start ? result : nil
    }
}
