/// Functions, which may also be written behind their first argument: `size(tags)`, `tags.size()`.
extension Checker {
    /// Every function with its arguments, as help shows them.
    static let functions: [(name: String, usage: String, meaning: String)] = [
        ("has", "has(x)", "whether x is known; of a set, whether it has anything"),
        ("default", "default(x, y)", "x, or y where x is unknown"),
        ("size", "size(x)", "characters of a text, words of a set, names of numbers"),
        ("lower", "lower(text)", "the text in small letters"),
        ("upper", "upper(text)", "the text in capital letters"),
        ("startsWith", "startsWith(text, part)", "whether the text begins with the part"),
        ("endsWith", "endsWith(text, part)", "whether the text ends with the part"),
        ("contains", "contains(text, part)", "whether the part is in the text, or in the set"),
        ("abs", "abs(x)", "without its sign"),
        ("floor", "floor(x)", "rounded down"),
        ("ceil", "ceil(x)", "rounded up"),
        ("round", "round(x)", "rounded to the nearest, halves away from zero"),
        ("min", "min(x, y)", "the smaller"),
        ("max", "max(x, y)", "the greater"),
    ]

    mutating func call(
        _ name: String, _ parts: [Syntax], _ range: Range<Int>
    ) throws(ExpressionError) -> Typed {
        guard let function = Self.functions.first(where: { $0.name == name }) else {
            throw ExpressionError(
                .unknownFunction, range, "there is no function \"\(name)\"",
                hint: Nearest.hint(name, among: Self.functions.map(\.name)))
        }
        let count = function.usage.contains(",") ? 2 : 1
        guard parts.count == count else {
            throw ExpressionError(
                .wrongCount, range, "\(name) takes \(count), not \(parts.count)",
                hint: "write \(function.usage)")
        }
        let first = parts[0]
        switch name {
        case "has": return try has(first)
        case "size": return try size(first)
        case "default": return try fallback(first, parts[1])
        case "lower": return .text(.lower(try text(first)))
        case "upper": return .text(.upper(try text(first)))
        case "startsWith": return try test(first, parts[1]) { .startsWith($0, $1) }
        case "endsWith": return try test(first, parts[1]) { .endsWith($0, $1) }
        case "contains":
            if let path = Self.path(first), let symbol = symbols[path], !symbol.type.isScalar {
                return try within(parts[1], first)
            }
            return try test(first, parts[1]) { .contains($0, $1) }
        case "min", "max":
            let (type, a) = try measure(first)
            let b = try term(parts[1], type)
            return .number(type, .operation(name == "min" ? .minimum : .maximum, [a, b]))
        default:
            let (type, term) = try measure(first)
            let operations: [String: Operation] = [
                "abs": .absolute, "floor": .floor, "ceil": .ceiling, "round": .round,
            ]
            guard name == "abs" || type == .number else {
                throw mismatch(
                    first, type, wanted: "a number", hint: "divide by a duration: x / 1d")
            }
            return .number(type, .operation(operations[name] ?? .absolute, [term]))
        }
    }

    private mutating func test(
        _ left: Syntax, _ right: Syntax, _ make: (TextTerm, TextTerm) -> TextTest
    ) throws(ExpressionError) -> Typed {
        let a = try text(left)
        let b = try text(right)
        return .number(.flag, .text(make(a, b)))
    }

    /// Something that can be less or more, and is no text.
    private mutating func measure(
        _ syntax: Syntax
    ) throws(ExpressionError) -> (ExpressionType, Term) {
        let typed = try check(syntax)
        guard case .number(let type, let term) = typed, type != .flag else {
            throw mismatch(syntax, typed.type, wanted: "a number, time or duration")
        }
        return (type, term)
    }

    private mutating func has(_ syntax: Syntax) throws(ExpressionError) -> Typed {
        // Whether an entry is there, not whether counting it as nothing gives a number.
        if case .entry(let base, let key) = syntax.node, let path = Self.path(base),
            let symbol = symbols[path], symbol.type == .numbers
        {
            return try within(key, base)
        }
        switch try check(syntax) {
        case .number(_, let term): return .number(.flag, .operation(.known, [term]))
        case .text(let term): return .number(.flag, .text(.known(term)))
        case .collection(let symbol):
            let size = Term.slot(slots.place(of: Slot.size(symbol.name)))
            return .number(.flag, .operation(.less, [.constant(0), size]))
        }
    }

    private mutating func size(_ syntax: Syntax) throws(ExpressionError) -> Typed {
        let typed = try check(syntax)
        switch typed {
        case .text(let term): return .number(.number, .text(.size(term)))
        case .collection(let symbol):
            return .number(.number, .slot(slots.place(of: Slot.size(symbol.name))))
        case .number(let type, _):
            throw mismatch(syntax, type, wanted: "a text or a set")
        }
    }

    private mutating func fallback(
        _ first: Syntax, _ second: Syntax
    ) throws(ExpressionError) -> Typed {
        switch try check(first) {
        case .text(let a): return .text(.otherwise(a, try text(second)))
        case .number(let type, let a):
            return .number(type, .operation(.otherwise, [a, try term(second, type)]))
        case .collection(let symbol):
            throw mismatch(first, symbol.type, wanted: "one value")
        }
    }
}
