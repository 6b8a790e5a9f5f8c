enum Token: Equatable {
    case number(Double)
    case duration(Double, DurationUnit)
    case text(String)
    case name(String)
    /// An operator or a bracket.
    case mark(String)
    case end

    /// As messages say it.
    var words: String {
        switch self {
        case .number, .duration: "a number"
        case .text: "a text"
        case .name(let name): "\"\(name)\""
        case .mark(let mark): "\"\(mark)\""
        case .end: "the end"
        }
    }
}

/// Cuts a text into tokens; never fails to move on or to end.
struct Lexer {
    private let bytes: [UInt8]
    private var at = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    private func peek(_ ahead: Int = 0) -> UInt8 {
        at + ahead < bytes.count ? bytes[at + ahead] : 0
    }

    mutating func next() throws(ExpressionError) -> (token: Token, range: Range<Int>) {
        while at < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[at]) { at += 1 }
        let start = at
        guard at < bytes.count else { return (.end, at..<at) }
        let byte = bytes[at]
        let token: Token
        if Self.isDigit(byte) || (byte == UInt8(ascii: ".") && Self.isDigit(peek(1))) {
            token = try number()
        } else if Self.isLetter(byte) {
            while Self.isLetter(peek()) || Self.isDigit(peek()) { at += 1 }
            token = .name(String(decoding: bytes[start..<at], as: UTF8.self))
        } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
            token = try text(endingWith: byte)
        } else {
            token = try mark()
        }
        return (token, start..<at)
    }

    private static let doubles = ["==", "!=", "<=", ">=", "&&", "||"]
    private static let singles = "<>!+-*/%?:,.()[]"
    /// What people of other languages write.
    private static let meant = [
        "=": "write == to compare", "&": "write && for and", "|": "write || for or",
        "{": "sets are written [\"a\", \"b\"]", "$": "names are written without $",
    ]

    private mutating func mark() throws(ExpressionError) -> Token {
        let two = String(decoding: bytes[at..<min(at + 2, bytes.count)], as: UTF8.self)
        if two == "<>" {
            throw ExpressionError(
                .unexpectedCharacter, at..<at + 2, "\"<>\" is no operator", hint: "write !=")
        }
        if Self.doubles.contains(two) {
            at += 2
            return .mark(two)
        }
        let one = String(decoding: bytes[at...at], as: UTF8.self)
        if Self.singles.contains(one) {
            at += 1
            return .mark(one)
        }
        // A whole character, so that the message can show it.
        var end = at + 1
        while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
        let character = String(decoding: bytes[at..<end], as: UTF8.self)
        throw ExpressionError(
            .unexpectedCharacter, at..<end, "\"\(character)\" means nothing here",
            hint: Self.meant[character] ?? "")
    }

    private mutating func number() throws(ExpressionError) -> Token {
        let start = at
        while Self.isDigit(peek()) { at += 1 }
        if peek() == UInt8(ascii: "."), Self.isDigit(peek(1)) {
            at += 1
            while Self.isDigit(peek()) { at += 1 }
        }
        if peek() | 0x20 == UInt8(ascii: "e") {
            let isSigned = [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(peek(1))
            if Self.isDigit(peek(isSigned ? 2 : 1)) {
                at += isSigned ? 2 : 1
                while Self.isDigit(peek()) { at += 1 }
            }
        }
        let digits = String(decoding: bytes[start..<at], as: UTF8.self)
        let unitStart = at
        while Self.isLetter(peek()) || Self.isDigit(peek()) { at += 1 }
        guard let value = Double(digits.hasPrefix(".") ? "0" + digits : digits), value.isFinite
        else {
            throw ExpressionError(.badNumber, start..<at, "\"\(digits)\" is too large a number")
        }
        if unitStart == at { return .number(value) }
        let unit = String(decoding: bytes[unitStart..<at], as: UTF8.self)
        guard let known = DurationUnit(rawValue: unit) else {
            let units = DurationUnit.allCases.map(\.rawValue).joined(separator: ", ")
            throw ExpressionError(
                .badNumber, unitStart..<at, "\"\(unit)\" is no unit of time",
                hint: unit == "m" ? "minutes are written min, months are 30d" : "known: " + units)
        }
        guard (value * known.milliseconds).isFinite else {
            throw ExpressionError(.badNumber, start..<at, "\"\(digits)\" is too large a number")
        }
        return .duration(value, known)
    }

    private mutating func text(endingWith quote: UInt8) throws(ExpressionError) -> Token {
        let start = at
        var content: [UInt8] = []
        at += 1
        while at < bytes.count, bytes[at] != UInt8(ascii: "\n") {
            let byte = bytes[at]
            at += 1
            if byte == quote { return .text(String(decoding: content, as: UTF8.self)) }
            guard byte == UInt8(ascii: "\\") else {
                content.append(byte)
                continue
            }
            switch peek() {
            case UInt8(ascii: "n"): content.append(0x0A)
            case UInt8(ascii: "t"): content.append(0x09)
            case UInt8(ascii: "r"): content.append(0x0D)
            case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "'"): content.append(peek())
            default:
                throw ExpressionError(
                    .badEscape, at - 1..<min(at + 1, bytes.count), "there is no such escape",
                    hint: "known: \\n \\t \\r \\\\ \\\" \\'")
            }
            at += 1
        }
        throw ExpressionError(
            .unterminatedText, start..<at, "the text does not end",
            hint: "close it with \(quote == UInt8(ascii: "'") ? "'" : "\"")")
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        let lower = byte | 0x20
        return (lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z"))
            || byte == UInt8(ascii: "_")
    }
}
