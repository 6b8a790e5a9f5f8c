/// Where a text stops being JSON5: Foundation refuses such a text without saying on which line.
struct SyntaxFinder {
    struct Failure: Error, Equatable {
        let line: Int
        let message: String
    }

    private let bytes: [UInt8]
    private var position = 0
    private var line = 1

    /// The first mistake, or nil when none is found here.
    static func firstMistake(in text: String) -> Failure? {
        var finder = SyntaxFinder(bytes: Array(text.utf8))
        do throws(Failure) {
            try finder.value(depth: 0)
            try finder.blank()
            return finder.next == nil ? nil : finder.failure("something follows the end")
        } catch {
            return error
        }
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private func failure(_ message: String) -> Failure { Failure(line: line, message: message) }

    private func unexpected(_ wanted: String) -> Failure {
        guard let next else { return failure("the text ends where \(wanted) is expected") }
        let character = String(decoding: [next], as: UTF8.self)
        return failure("\"\(character)\" stands where \(wanted) is expected")
    }

    private mutating func step() {
        if next == UInt8(ascii: "\n") { line += 1 }
        position += 1
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        step()
        return true
    }

    /// Skips white space and comments.
    private mutating func blank() throws(Failure) {
        while let byte = next {
            switch byte {
            case 9...13, 32: step()
            // The parts of no-break space and byte order mark.
            case 0xc2, 0xa0, 0xef, 0xbb, 0xbf: step()
            case UInt8(ascii: "/"): try comment()
            default: return
            }
        }
    }

    private mutating func comment() throws(Failure) {
        step()
        if take("/") {
            while let byte = next, byte != UInt8(ascii: "\n") { step() }
        } else if take("*") {
            let start = line
            while next != nil {
                if take("*") { if take("/") { return } } else { step() }
            }
            throw Failure(line: start, message: "this comment has no end")
        } else {
            throw unexpected("a comment")
        }
    }

    private mutating func value(depth: Int) throws(Failure) {
        guard depth < 32 else { throw failure("objects are nested too deeply") }
        try blank()
        switch next {
        case UInt8(ascii: "{"):
            try members(end: "}", depth) { (finder, depth) throws(Failure) in
                try finder.name()
                try finder.blank()
                guard finder.take(":") else { throw finder.unexpected("\":\"") }
                try finder.value(depth: depth)
            }
        case UInt8(ascii: "["):
            try members(end: "]", depth) { (finder, depth) throws(Failure) in
                try finder.value(depth: depth)
            }
        case UInt8(ascii: "\""), UInt8(ascii: "'"): try quoted()
        default: try word(orElse: "a value")
        }
    }

    private mutating func members(
        end: Unicode.Scalar, _ depth: Int,
        _ member: (inout SyntaxFinder, Int) throws(Failure) -> Void
    ) throws(Failure) {
        step()
        while true {
            try blank()
            if take(end) { return }
            try member(&self, depth + 1)
            try blank()
            if take(end) { return }
            guard take(",") else { throw unexpected("\",\" or \"\(end)\"") }
        }
    }

    private mutating func name() throws(Failure) {
        if next == UInt8(ascii: "\"") || next == UInt8(ascii: "'") { return try quoted() }
        try word(orElse: "a key")
    }

    private mutating func quoted() throws(Failure) {
        let quote = next
        step()
        while let byte = next, byte != quote {
            if byte == UInt8(ascii: "\n") { throw failure("this text has no closing quote") }
            if byte == UInt8(ascii: "\\") { step() }
            step()
        }
        guard next != nil else { throw failure("this text has no closing quote") }
        step()
    }

    private mutating func word(orElse wanted: String) throws(Failure) {
        let start = position
        while let byte = next {
            switch byte {
            case 48...57, 65...90, 97...122, UInt8(ascii: "_"), UInt8(ascii: "$"),
                UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), 128...255:
                position += 1
            default:
                if position == start { throw unexpected(wanted) }
                return
            }
        }
        if position == start { throw unexpected(wanted) }
    }
}
