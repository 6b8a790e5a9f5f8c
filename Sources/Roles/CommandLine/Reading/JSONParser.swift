/// Reads JSON, and JSON5 where people write it: comments, plain keys, single quotes, last commas.
package struct JSONParser {
    package struct Failure: Error, Sendable, Equatable {
        package var line: Int
        package var message: String
    }

    private static let depthMax = 64
    private let bytes: [UInt8]
    private var at = 0
    private var depth = 0

    /// Parses a whole text.
    package static func parse(_ bytes: [UInt8]) throws(Failure) -> JSONValue {
        var parser = JSONParser(bytes: bytes)
        let value = try parser.value()
        try parser.skipSpace()
        if parser.at < bytes.count { throw parser.failure("more text after the value") }
        return value
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private var current: UInt8 { at < bytes.count ? bytes[at] : 0 }

    private func failure(_ message: String) -> Failure {
        Failure(line: 1 + bytes[..<min(at, bytes.count)].count { $0 == 0x0A }, message: message)
    }

    private mutating func value() throws(Failure) -> JSONValue {
        try skipSpace()
        guard at < bytes.count else { throw failure("the text ends where a value is needed") }
        switch bytes[at] {
        case UInt8(ascii: "{"): return try nested { (own) throws(Failure) in try own.object() }
        case UInt8(ascii: "["): return try nested { (own) throws(Failure) in try own.array() }
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return .string(try string())
        default: return try word()
        }
    }

    private mutating func nested(
        _ body: (inout JSONParser) throws(Failure) -> JSONValue
    ) throws(Failure) -> JSONValue {
        depth += 1
        if depth > Self.depthMax { throw failure("nested too deeply") }
        let value = try body(&self)
        depth -= 1
        return value
    }

    private mutating func object() throws(Failure) -> JSONValue {
        at += 1
        var members: [(String, JSONValue)] = []
        while true {
            try skipSpace()
            if current == UInt8(ascii: "}") {
                at += 1
                return .object(members)
            }
            let key: String
            if current == UInt8(ascii: "\"") || current == UInt8(ascii: "'") {
                key = try string()
            } else {
                key = plainWord()
                if key.isEmpty { throw failure("a key is needed here") }
            }
            try skipSpace()
            guard current == UInt8(ascii: ":") else { throw failure("':' is missing") }
            at += 1
            members.append((key, try value()))
            try skipSpace()
            if current == UInt8(ascii: ",") {
                at += 1
            } else if current != UInt8(ascii: "}") {
                throw failure("',' or '}' is missing")
            }
        }
    }

    private mutating func array() throws(Failure) -> JSONValue {
        at += 1
        var elements: [JSONValue] = []
        while true {
            try skipSpace()
            if current == UInt8(ascii: "]") {
                at += 1
                return .array(elements)
            }
            elements.append(try value())
            try skipSpace()
            if current == UInt8(ascii: ",") {
                at += 1
            } else if current != UInt8(ascii: "]") {
                throw failure("',' or ']' is missing")
            }
        }
    }

    private mutating func plainWord() -> String {
        let start = at
        while at < bytes.count {
            let byte = bytes[at]
            let isLetter = (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A
            let isDigit = byte >= 0x30 && byte <= 0x39
            let isSign = byte == 0x2B || byte == 0x2D || byte == 0x2E || byte == 0x5F
            guard isLetter || isDigit || isSign || byte == 0x24 || byte >= 0x80 else { break }
            at += 1
        }
        return String(decoding: bytes[start..<at], as: UTF8.self)
    }

    private mutating func word() throws(Failure) -> JSONValue {
        let word = plainWord()
        switch word {
        case "true": return .bool(true)
        case "false": return .bool(false)
        case "null": return .null
        default:
            if let number = Int64(word) { return .integer(number) }
            let isNumeric = word.utf8.first.map { $0 < 0x3A } ?? false
            if isNumeric, let number = Double(word) { return .number(number) }
            throw failure(word.isEmpty ? "a value is needed here" : "\"\(word)\" is no value")
        }
    }

    private mutating func string() throws(Failure) -> String {
        let quote = bytes[at]
        at += 1
        let start = at
        while at < bytes.count, bytes[at] != quote, bytes[at] != 0x5C { at += 1 }
        if current == quote {
            at += 1
            return String(decoding: bytes[start..<(at - 1)], as: UTF8.self)
        }
        var out = Array(bytes[start..<min(at, bytes.count)])
        while at < bytes.count, bytes[at] != quote {
            if bytes[at] == 0x5C {
                at += 1
                try escape(&out)
            } else {
                out.append(bytes[at])
                at += 1
            }
        }
        guard at < bytes.count else { throw failure("a text does not end") }
        at += 1
        return String(decoding: out, as: UTF8.self)
    }

    private mutating func escape(_ out: inout [UInt8]) throws(Failure) {
        let letter = current
        at += 1
        switch letter {
        case UInt8(ascii: "n"): out.append(0x0A)
        case UInt8(ascii: "t"): out.append(0x09)
        case UInt8(ascii: "r"): out.append(0x0D)
        case UInt8(ascii: "b"): out.append(0x08)
        case UInt8(ascii: "f"): out.append(0x0C)
        case 0x0A: break
        case UInt8(ascii: "u"):
            var code = try hex4()
            if (0xD800..<0xDC00).contains(code), current == 0x5C, at + 1 < bytes.count,
                bytes[at + 1] == UInt8(ascii: "u")
            {
                at += 2
                let low = try hex4()
                guard (0xDC00..<0xE000).contains(low) else { throw failure("half a surrogate") }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            let scalar = Unicode.Scalar(code) ?? "\u{FFFD}"
            out += Array(String(Character(scalar)).utf8)
        default: out.append(letter)
        }
    }

    private mutating func hex4() throws(Failure) -> UInt32 {
        guard at + 4 <= bytes.count,
            let code = UInt32(String(decoding: bytes[at..<(at + 4)], as: UTF8.self), radix: 16)
        else { throw failure("\\u needs four hexadecimal digits") }
        at += 4
        return code
    }

    private mutating func skipSpace() throws(Failure) {
        while at < bytes.count {
            let byte = bytes[at]
            if byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) {
                at += 1
            } else if byte == UInt8(ascii: "/"), at + 1 < bytes.count {
                try skipComment()
            } else {
                return
            }
        }
    }

    private mutating func skipComment() throws(Failure) {
        if bytes[at + 1] == UInt8(ascii: "/") {
            while at < bytes.count, bytes[at] != 0x0A { at += 1 }
            return
        }
        guard bytes[at + 1] == UInt8(ascii: "*") else { throw failure("'/' starts no value") }
        at += 2
        while at + 1 < bytes.count, !(bytes[at] == 0x2A && bytes[at + 1] == 0x2F) { at += 1 }
        guard at + 1 < bytes.count else { throw failure("a comment does not end") }
        at += 2
    }
}
