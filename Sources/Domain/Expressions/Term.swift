/// What one step of a program does with numbers. Truth values are 1 and 0; unknown is NaN.
package enum Operation: UInt8, Sendable, CaseIterable {
    case negate, not, known, absolute, floor, ceiling, round
    case add, subtract, multiply, divide, remainder, minimum, maximum
    case less, lessOrEqual, equal, notEqual
    case and, or
    /// The first value, or the second where the first is unknown.
    case otherwise
    /// The second value where the first is true, the third where it is false.
    case choose
    /// Whether the value is one of a set of constants.
    case among
    /// The truth or size of a text; see ``TextTest``.
    case text
}

/// A checked expression that yields a number.
indirect enum Term {
    case constant(Double)
    case slot(Int)
    case operation(Operation, [Term])
    case among(Term, [Double])
    case text(TextTest)
}

/// A checked expression that yields a text; nil is unknown.
package indirect enum TextTerm: Sendable {
    case literal(String)
    case slot(Int)
    case lower(TextTerm)
    case upper(TextTerm)
    case otherwise(TextTerm, TextTerm)

    /// The text, for the texts of the slots; nil is unknown.
    package func value(_ text: (Int) -> String?) -> String? {
        switch self {
        case .literal(let literal): literal
        case .slot(let place): text(place)
        case .lower(let inner): inner.value(text)?.lowercased()
        case .upper(let inner): inner.value(text)?.uppercased()
        case .otherwise(let first, let second): first.value(text) ?? second.value(text)
        }
    }

    var slots: Set<Int> {
        switch self {
        case .literal: []
        case .slot(let place): [place]
        case .lower(let inner), .upper(let inner): inner.slots
        case .otherwise(let first, let second): first.slots.union(second.slots)
        }
    }
}

/// What is asked of texts. Unknown if a text is.
package enum TextTest: Sendable {
    case equal(TextTerm, TextTerm)
    case notEqual(TextTerm, TextTerm)
    case less(TextTerm, TextTerm)
    case lessOrEqual(TextTerm, TextTerm)
    case startsWith(TextTerm, TextTerm)
    case endsWith(TextTerm, TextTerm)
    case contains(TextTerm, TextTerm)
    case among(TextTerm, Set<String>)
    case size(TextTerm)
    case known(TextTerm)

    package func value(_ text: (Int) -> String?) -> Double {
        func both(_ a: TextTerm, _ b: TextTerm, _ test: (String, String) -> Bool) -> Double {
            guard let a = a.value(text), let b = b.value(text) else { return .nan }
            return test(a, b) ? 1 : 0
        }
        switch self {
        case .equal(let a, let b): return both(a, b, ==)
        case .notEqual(let a, let b): return both(a, b, !=)
        case .less(let a, let b): return both(a, b, <)
        case .lessOrEqual(let a, let b): return both(a, b, <=)
        case .startsWith(let a, let b): return both(a, b) { $0.hasPrefix($1) }
        case .endsWith(let a, let b): return both(a, b) { $0.hasSuffix($1) }
        case .contains(let a, let b): return both(a, b, Self.contains)
        case .among(let term, let words):
            guard let value = term.value(text) else { return .nan }
            return words.contains(value) ? 1 : 0
        case .size(let term):
            guard let value = term.value(text) else { return .nan }
            return Double(value.count)
        case .known(let term): return term.value(text) == nil ? 0 : 1
        }
    }

    /// The text slots that the answer depends on.
    package var slots: Set<Int> {
        switch self {
        case .equal(let a, let b), .notEqual(let a, let b), .less(let a, let b),
            .lessOrEqual(let a, let b), .startsWith(let a, let b), .endsWith(let a, let b),
            .contains(let a, let b):
            a.slots.union(b.slots)
        case .among(let term, _), .size(let term), .known(let term): term.slots
        }
    }

    /// Whether `part` stands in `text`, character by character.
    static func contains(_ text: String, _ part: String) -> Bool {
        if part.isEmpty { return true }
        var rest = text[...]
        while !rest.isEmpty {
            if rest.hasPrefix(part) { return true }
            rest.removeFirst()
        }
        return false
    }
}
