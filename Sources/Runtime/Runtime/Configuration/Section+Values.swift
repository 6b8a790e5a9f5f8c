extension Section {
    /// A whole number within a range.
    mutating func whole(_ key: String, _ value: inout Int, in range: ClosedRange<Int>) {
        let allowed = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        guard let found = take(key) else { return }
        guard case .number(let number) = found, let whole = Int(exactly: number),
            range.contains(whole)
        else { return refuse(key, "must be \(allowed), not \(found.words)") }
        value = whole
    }

    /// A number within a range.
    mutating func number(_ key: String, _ value: inout Double, in range: ClosedRange<Double>) {
        guard let found = take(key) else { return }
        guard case .number(let number) = found, range.contains(number) else {
            let low = ConfigurationTree.number(range.lowerBound).words
            let high = ConfigurationTree.number(range.upperBound).words
            return refuse(key, "must be a number from \(low) to \(high), not \(found.words)")
        }
        value = number
    }

    /// true or false.
    mutating func flag(_ key: String, _ value: inout Bool) {
        guard let found = take(key) else { return }
        guard case .flag(let flag) = found else {
            return refuse(key, "must be true or false, not \(found.words)")
        }
        value = flag
    }

    /// A text whose UTF-8 length is within a range.
    mutating func text(_ key: String, _ value: inout String, bytes: ClosedRange<Int>) {
        guard let found = take(key) else { return }
        guard case .text(let text) = found, bytes.contains(text.utf8.count) else {
            let allowed = "\(bytes.lowerBound) to \(bytes.upperBound) bytes"
            return refuse(key, "must be a text of \(allowed), not \(found.words)")
        }
        value = text
    }

    /// One of an enum's names.
    mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ key: String, _ value: inout Choice
    ) where Choice.RawValue == String {
        guard let found = take(key) else { return }
        guard case .text(let text) = found, let choice = Choice(rawValue: text) else {
            let names = Choice.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
            return refuse(key, "must be one of \(names), not \(found.words)")
        }
        value = choice
    }

    /// A length of time such as "500 ms", "5 s", "10 min", "1 h", "7 d".
    mutating func duration(
        _ key: String, _ value: inout Duration, in range: ClosedRange<Duration>
    ) {
        guard let found = take(key) else { return }
        guard case .text(let text) = found, let duration = DurationText.parse(text),
            range.contains(duration)
        else {
            let low = DurationText.write(range.lowerBound)
            let high = DurationText.write(range.upperBound)
            return refuse(
                key,
                "must be a time from \"\(low)\" to \"\(high)\" (units ms, s, min, h, d), "
                    + "not \(found.words)")
        }
        value = duration
    }

    /// "HOST:PORT" with a numeric host, or "" for none.
    mutating func address(_ key: String, _ value: inout String) {
        guard let found = take(key) else { return }
        guard case .text(let text) = found, text.isEmpty || TCPEndpoint("tcp://\(text)") != nil
        else {
            return refuse(
                key,
                "must be \"ADDRESS:PORT\" such as \"127.0.0.1:7430\", or \"\" for none, "
                    + "not \(found.words)")
        }
        value = text
    }

    /// "tcp://HOST:PORT", or "" for none.
    mutating func endpoint(_ key: String, _ value: inout String) {
        guard let found = take(key) else { return }
        guard case .text(let text) = found, text.isEmpty || TCPEndpoint(text) != nil else {
            return refuse(
                key,
                "must be \"tcp://ADDRESS:PORT\" such as \"tcp://127.0.0.1:7410\", or \"\" for "
                    + "none, not \(found.words)")
        }
        value = text
    }
}
