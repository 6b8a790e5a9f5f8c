/// Gives every part its type, and every name its slot.
struct Checker {
    let symbols: SymbolTable
    var slots = SlotList()

    /// A part whose type is known.
    enum Typed {
        case number(ExpressionType, Term)
        case text(TextTerm)
        /// Something that is only looked into.
        case collection(Symbol)

        var type: ExpressionType {
            switch self {
            case .number(let type, _): type
            case .text: .text
            case .collection(let symbol): symbol.type
            }
        }
    }

    init(_ symbols: SymbolTable) {
        self.symbols = symbols
    }

    mutating func check(_ syntax: Syntax) throws(ExpressionError) -> Typed {
        switch syntax.node {
        case .number(let value): return .number(.number, .constant(value))
        case .duration(let value, let unit):
            return .number(.duration, .constant(value * unit.milliseconds))
        case .text(let text): return .text(.literal(text))
        case .flag(let flag): return .number(.flag, .constant(flag ? 1 : 0))
        case .name, .member: return try name(syntax)
        case .entry(let base, let key): return try entry(base, key)
        case .list:
            throw ExpressionError(
                .wrongType, syntax.range, "a list stands only on the right of in",
                hint: "as in: user.region in [\"north\", \"south\"]")
        case .call(let name, let parts): return try call(name, parts, syntax.range)
        case .method(let base, let name, let parts):
            return try call(name, [base] + parts, syntax.range)
        case .unary(let operation, let part): return try unary(operation, part)
        case .binary(let operation, let left, let right):
            return try binary(operation, left, right, syntax.range)
        case .choice(let condition, let yes, let no): return try choice(condition, yes, no)
        }
    }

    /// A part that must yield one number of the type.
    mutating func term(_ syntax: Syntax, _ type: ExpressionType) throws(ExpressionError) -> Term {
        let typed = try check(syntax)
        guard case .number(type, let term) = typed else {
            throw mismatch(syntax, typed.type, wanted: type.words)
        }
        return term
    }

    /// A part that must yield a text.
    mutating func text(_ syntax: Syntax) throws(ExpressionError) -> TextTerm {
        let typed = try check(syntax)
        guard case .text(let term) = typed else {
            throw mismatch(syntax, typed.type, wanted: "a text")
        }
        return term
    }

    func mismatch(
        _ syntax: Syntax, _ type: ExpressionType, wanted: String, hint: String = ""
    ) -> ExpressionError {
        var hint = hint
        if hint.isEmpty, case .text(let text) = syntax.node, Double(text) != nil {
            hint = "numbers are written without quotes: \(text)"
        } else if hint.isEmpty {
            switch type {
            case .set: hint = "ask for one of it: \"name\" in \(syntax)"
            case .numbers, .texts: hint = "ask for one of them: \(syntax)[\"name\"]"
            default: break
            }
        }
        return ExpressionError(
            .wrongType, syntax.range, "this is \(type.words), where \(wanted) is needed",
            hint: hint)
    }

    // MARK: Names

    /// `a.b.c` as one name, if it is nothing else.
    static func path(_ syntax: Syntax) -> String? {
        switch syntax.node {
        case .name(let name): name
        case .member(let base, let name): path(base).map { $0 + "." + name }
        default: nil
        }
    }

    private func symbol(_ syntax: Syntax) throws(ExpressionError) -> Symbol {
        guard let path = Self.path(syntax) else {
            throw ExpressionError(.wrongType, syntax.range, "nothing has a part of this name")
        }
        if let symbol = symbols[path] { return symbol }
        throw ExpressionError(
            .unknownName, syntax.range, "there is no \"\(path)\"",
            hint: Nearest.hint(path, among: symbols.symbols.map(\.name)))
    }

    private mutating func name(_ syntax: Syntax) throws(ExpressionError) -> Typed {
        let symbol = try symbol(syntax)
        switch symbol.type {
        case .text: return .text(.slot(slots.place(of: TextSlot.value(symbol.name))))
        case .set, .numbers, .texts: return .collection(symbol)
        default: return .number(symbol.type, .slot(slots.place(of: Slot.value(symbol.name))))
        }
    }

    private mutating func entry(
        _ base: Syntax, _ key: Syntax
    ) throws(ExpressionError) -> Typed {
        let symbol = try symbol(base)
        let word = try word(key, of: symbol)
        switch symbol.type {
        case .texts: return .text(.slot(slots.place(of: TextSlot.entry(symbol.name, word))))
        case .numbers:
            // A name without an entry counts nothing, unless nothing is known of any name.
            let own = Term.slot(slots.place(of: Slot.entry(symbol.name, word)))
            let size = Term.slot(slots.place(of: Slot.size(symbol.name)))
            let isAny = Term.operation(.less, [.constant(0), size])
            let absent = Term.operation(.choose, [isAny, .constant(0), .constant(.nan)])
            return .number(.number, .operation(.otherwise, [own, absent]))
        default:
            throw ExpressionError(
                .wrongType, base.range, "\(symbol.name) is \(symbol.type.words) and has no entries",
                hint: symbol.type == .set ? "write: \(key) in \(symbol.name)" : "")
        }
    }

    /// A key, which is written out, so that its slot is known before any user is.
    func word(_ key: Syntax, of symbol: Symbol) throws(ExpressionError) -> String {
        guard case .text(let word) = key.node else {
            throw ExpressionError(
                .notLiteral, key.range, "what is asked for in \(symbol.name) is a text in quotes",
                hint: "as in: \"name\"")
        }
        if let vocabulary = symbol.vocabulary, !vocabulary.contains(word) {
            throw ExpressionError(
                .unknownWord, key.range, "\(symbol.name) never has \"\(word)\"",
                hint: Nearest.hint(word, among: vocabulary))
        }
        return word
    }

    // MARK: Operators

    private mutating func unary(
        _ operation: UnaryOperator, _ part: Syntax
    ) throws(ExpressionError) -> Typed {
        if operation == .not { return .number(.flag, .operation(.not, [try term(part, .flag)])) }
        let typed = try check(part)
        guard case .number(let type, let term) = typed, type == .number || type == .duration
        else { throw mismatch(part, typed.type, wanted: "a number or a duration") }
        return .number(type, .operation(.negate, [term]))
    }

    private mutating func choice(
        _ condition: Syntax, _ yes: Syntax, _ no: Syntax
    ) throws(ExpressionError) -> Typed {
        let condition = try term(condition, .flag)
        let first = try check(yes)
        guard case .number(let type, let term) = first else {
            throw mismatch(
                yes, first.type, wanted: "a number or a truth value",
                hint: "compare texts inside the branches")
        }
        let other = try self.term(no, type)
        return .number(type, .operation(.choose, [condition, term, other]))
    }
}
