/// A text that was parsed, checked and compiled.
///
/// Unknown values follow SQL's three-valued logic (Kleene's): a comparison with something unknown
/// is itself unknown, `false && unknown` is false, `true || unknown` is true, and who is unknown at
/// the end is not meant. So neither `stats.mean_rating < 3` nor `!(stats.mean_rating < 3)` finds
/// people who never rated; `has(x)` and `default(x, y)` say it where that is wanted. An affinity to
/// a name that a user has not shown is 0, and unknown for users without any affinity of its kind.
package struct Expression: Sendable {
    /// Every function with its arguments, as help shows them.
    package static var functions: [(name: String, usage: String, meaning: String)] {
        Checker.functions
    }

    package let text: String
    package let syntax: Syntax
    package let type: ExpressionType
    package let program: Program
    package let slots: [Slot]
    package let textSlots: [TextSlot]
    /// What yields the result, where that is a text.
    private let textResult: TextTerm?

    /// - Throws: what is wrong, with its place in the text.
    package init(_ text: String, in symbols: SymbolTable) throws(ExpressionError) {
        let syntax = try Parser.parse(text)
        var checker = Checker(symbols)
        let typed = try checker.check(syntax)
        switch typed {
        case .number(_, let term):
            program = Program(term, slotCount: checker.slots.numbers.count)
            textResult = nil
        case .text(let term):
            program = Program(.constant(.nan), slotCount: checker.slots.numbers.count)
            textResult = term
        case .collection(let symbol):
            throw checker.mismatch(syntax, symbol.type, wanted: "one value")
        }
        self.text = text
        self.syntax = syntax
        type = typed.type
        slots = checker.slots.numbers
        textSlots = checker.slots.texts
    }

    /// An expression that says of each user whether it is meant.
    package init(condition text: String, in symbols: SymbolTable) throws(ExpressionError) {
        try self.init(text, in: symbols)
        guard type == .flag else {
            throw ExpressionError(
                .wrongType, syntax.range, "this is \(type.words), where a truth value is needed",
                hint: type == .text ? "compare it: … == \"name\"" : "compare it: … > 0")
        }
    }

    /// The result for the slots in `registers`, which `program.registers()` made.
    package func evaluate(
        _ registers: inout [Double], text: (Int) -> String? = { _ in nil }
    ) -> ExpressionValue {
        if let textResult {
            return textResult.value(text).map { .text($0) } ?? .unknown
        }
        let value = program.evaluate(&registers, text: text)
        if value.isNaN { return .unknown }
        return switch type {
        case .flag: .flag(value == 1)
        case .time: .time(ms: value)
        case .duration: .duration(ms: value)
        default: .number(value)
        }
    }
}

/// What an expression says of one user.
package enum ExpressionValue: Sendable, Equatable {
    case unknown
    case number(Double)
    case flag(Bool)
    case text(String)
    case time(ms: Double)
    case duration(ms: Double)

    /// True, and known to be.
    package var isTrue: Bool { self == .flag(true) }
}
