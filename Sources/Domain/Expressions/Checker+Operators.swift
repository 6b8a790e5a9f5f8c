/// Operators between two parts.
extension Checker {
    mutating func binary(
        _ operation: BinaryOperator, _ left: Syntax, _ right: Syntax, _ range: Range<Int>
    ) throws(ExpressionError) -> Typed {
        switch operation {
        case .and, .or:
            let a = try term(left, .flag)
            let b = try term(right, .flag)
            return .number(.flag, .operation(operation == .and ? .and : .or, [a, b]))
        case .within: return try within(left, right)
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual:
            return try comparison(operation, left, right)
        case .add, .subtract, .multiply, .divide, .remainder:
            return try arithmetic(operation, left, right, range)
        }
    }

    private mutating func comparison(
        _ operation: BinaryOperator, _ left: Syntax, _ right: Syntax
    ) throws(ExpressionError) -> Typed {
        let first = try check(left)
        guard first.type.isScalar else {
            throw mismatch(left, first.type, wanted: "one value")
        }
        let isOrdered = operation != .equal && operation != .notEqual
        if case .text(let a) = first {
            let b = try text(right)
            return .number(.flag, .text(Self.textTest(operation, a, b)))
        }
        guard case .number(let type, let a) = first else {
            throw mismatch(left, first.type, wanted: "one value")
        }
        if isOrdered && type == .flag {
            throw mismatch(
                left, type, wanted: "something that can be less or more",
                hint: "join comparisons: a < b && b < c")
        }
        let b = try term(right, type)
        let term: Term =
            switch operation {
            case .less: .operation(.less, [a, b])
            case .lessOrEqual: .operation(.lessOrEqual, [a, b])
            case .greater: .operation(.less, [b, a])
            case .greaterOrEqual: .operation(.lessOrEqual, [b, a])
            case .notEqual: .operation(.notEqual, [a, b])
            default: .operation(.equal, [a, b])
            }
        return .number(.flag, term)
    }

    private static func textTest(
        _ operation: BinaryOperator, _ a: TextTerm, _ b: TextTerm
    ) -> TextTest {
        switch operation {
        case .less: .less(a, b)
        case .lessOrEqual: .lessOrEqual(a, b)
        case .greater: .less(b, a)
        case .greaterOrEqual: .lessOrEqual(b, a)
        case .notEqual: .notEqual(a, b)
        default: .equal(a, b)
        }
    }

    private mutating func arithmetic(
        _ operation: BinaryOperator, _ left: Syntax, _ right: Syntax, _ range: Range<Int>
    ) throws(ExpressionError) -> Typed {
        let first = try check(left)
        let second = try check(right)
        guard case .number(let a, let x) = first else {
            throw mismatch(left, first.type, wanted: "a number, time or duration")
        }
        guard case .number(let b, let y) = second else {
            throw mismatch(right, second.type, wanted: "a number, time or duration")
        }
        guard let type = Self.result(operation, a, b) else {
            throw ExpressionError(
                .wrongType, range,
                "\(a.words) \(operation.rawValue) \(b.words) makes no sense",
                hint: Self.help(operation, a, b))
        }
        let kind: Operation =
            switch operation {
            case .add: .add
            case .subtract: .subtract
            case .multiply: .multiply
            case .divide: .divide
            default: .remainder
            }
        return .number(type, .operation(kind, [x, y]))
    }

    private static func result(
        _ operation: BinaryOperator, _ a: ExpressionType, _ b: ExpressionType
    ) -> ExpressionType? {
        switch (operation, a, b) {
        case (_, .number, .number): .number
        case (.add, .duration, .duration), (.subtract, .duration, .duration): .duration
        case (.add, .time, .duration), (.add, .duration, .time), (.subtract, .time, .duration):
            .time
        case (.subtract, .time, .time): .duration
        case (.multiply, .duration, .number), (.multiply, .number, .duration),
            (.divide, .duration, .number), (.remainder, .duration, .duration):
            .duration
        case (.divide, .duration, .duration): .number
        default: nil
        }
    }

    private static func help(
        _ operation: BinaryOperator, _ a: ExpressionType, _ b: ExpressionType
    ) -> String {
        if a == .flag || b == .flag { return "join truth values with && and ||" }
        if [a, b].contains(.duration), [a, b].contains(.number) {
            return "durations have a unit: 7d, 12h, 30min"
        }
        if [a, b].contains(.time), [a, b].contains(.number) {
            return "to a time durations are added: now - 7d"
        }
        return ""
    }

    /// `"vip" in tags`, `user.region in ["north", "south"]`, `user.age in [18, 21]`.
    mutating func within(_ left: Syntax, _ right: Syntax) throws(ExpressionError) -> Typed {
        if case .list(let parts) = right.node { return try among(left, parts) }
        let set = try check(right)
        guard case .collection(let symbol) = set else {
            throw mismatch(
                right, set.type, wanted: "a set",
                hint: set.type == .text ? "parts of texts are found by contains(text, part)" : "")
        }
        let word = try word(left, of: symbol)
        switch symbol.type {
        case .set: return .number(.flag, .slot(slots.place(of: Slot.member(symbol.name, word))))
        case .numbers:
            let own = Term.slot(slots.place(of: Slot.entry(symbol.name, word)))
            return .number(.flag, .operation(.known, [own]))
        default:
            let own = TextTerm.slot(slots.place(of: TextSlot.entry(symbol.name, word)))
            return .number(.flag, .text(.known(own)))
        }
    }

    private mutating func among(
        _ left: Syntax, _ parts: [Syntax]
    ) throws(ExpressionError) -> Typed {
        switch try check(left) {
        case .text(let term):
            var words: Set<String> = []
            for part in parts {
                guard case .literal(let word) = try text(part) else { throw notLiteral(part) }
                words.insert(word)
            }
            return .number(.flag, .text(.among(term, words)))
        case .number(let type, let term):
            var values: [Double] = []
            for part in parts {
                guard let value = try self.term(part, type).constant else {
                    throw notLiteral(part)
                }
                values.append(value)
            }
            return .number(.flag, .among(term, values))
        case .collection(let symbol):
            throw mismatch(left, symbol.type, wanted: "one value")
        }
    }

    private func notLiteral(_ syntax: Syntax) -> ExpressionError {
        ExpressionError(
            .notLiteral, syntax.range, "lists hold only what is written out",
            hint: "join comparisons with ||")
    }
}

extension Term {
    /// The value of a term that depends on nobody.
    var constant: Double? {
        switch self {
        case .constant(let value): value
        case .operation(.negate, let parts): parts.first?.constant.map { -$0 }
        default: nil
        }
    }
}
