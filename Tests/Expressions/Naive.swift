import Expressions

/// A second implementation: walks the tree as it was written, looks every name up, knows no slot,
/// no program and no checked type. Nil is unknown.
struct Naive {
    enum Value: Equatable {
        case number(Double)
        case flag(Bool)
        case text(String)
    }

    let person: World.Person

    func value(_ syntax: Syntax) -> Value? {
        switch syntax.node {
        case .number(let number): return .number(number)
        case .duration(let number, let unit): return .number(number * unit.milliseconds)
        case .text(let text): return .text(text)
        case .flag(let flag): return .flag(flag)
        case .name, .member:
            let name = syntax.description
            if name == "user.subscribed" { return person.numbers[name].map { .flag($0 == 1) } }
            if let number = person.numbers[name] { return .number(number) }
            return person.texts[name].map { .text($0) }
        case .entry(let base, let key):
            guard case .text(let key) = key.node else { return nil }
            if let texts = person.properties[base.description] {
                return texts[key].map { .text($0) }
            }
            guard let shares = person.shares[base.description], !shares.isEmpty else { return nil }
            return .number(shares[key] ?? 0)
        case .list: return nil
        case .call(let name, let parts): return call(name, parts)
        case .method(let base, let name, let parts): return call(name, [base] + parts)
        case .unary(.minus, let part): return number(part).flatMap { Self.finite(-$0) }
        case .unary(.not, let part): return flag(part).map { .flag(!$0) }
        case .binary(let operation, let left, let right): return binary(operation, left, right)
        case .choice(let condition, let yes, let no):
            guard let isMeant = flag(condition) else { return nil }
            return value(isMeant ? yes : no)
        }
    }

    private static func finite(_ value: Double) -> Value? {
        value.isFinite ? .number(value) : nil
    }

    private func number(_ syntax: Syntax) -> Double? {
        if case .number(let number) = value(syntax) { number } else { nil }
    }

    private func flag(_ syntax: Syntax) -> Bool? {
        if case .flag(let flag) = value(syntax) { flag } else { nil }
    }

    private func text(_ syntax: Syntax) -> String? {
        if case .text(let text) = value(syntax) { text } else { nil }
    }

    /// The words of a collection, if the syntax names one.
    private func words(_ syntax: Syntax) -> [String]? {
        let name = syntax.description
        if let set = person.sets[name] { return Array(set) }
        if let shares = person.shares[name] { return Array(shares.keys) }
        return person.properties[name].map { Array($0.keys) }
    }

    private func call(_ name: String, _ parts: [Syntax]) -> Value? {
        switch name {
        case "has":
            if case .entry(let base, let key) = parts[0].node, case .text(let word) = key.node {
                return .flag(words(base)?.contains(word) ?? false)
            }
            if let words = words(parts[0]) { return .flag(!words.isEmpty) }
            return .flag(value(parts[0]) != nil)
        case "default": return value(parts[0]) ?? value(parts[1])
        case "size":
            if let words = words(parts[0]) { return .number(Double(words.count)) }
            return text(parts[0]).map { .number(Double($0.count)) }
        case "lower": return text(parts[0]).map { .text($0.lowercased()) }
        case "upper": return text(parts[0]).map { .text($0.uppercased()) }
        case "startsWith", "endsWith", "contains":
            if let words = words(parts[0]), case .text(let word) = parts[1].node {
                return .flag(words.contains(word))
            }
            guard let a = text(parts[0]), let b = text(parts[1]) else { return nil }
            if name == "startsWith" { return .flag(a.hasPrefix(b)) }
            if name == "endsWith" { return .flag(a.hasSuffix(b)) }
            let ends = a.indices + [a.endIndex]
            return .flag(ends.contains { a[$0...].hasPrefix(b) })
        case "min", "max":
            guard let a = number(parts[0]), let b = number(parts[1]) else { return nil }
            return .number(name == "min" ? Swift.min(a, b) : Swift.max(a, b))
        default:
            guard let a = number(parts[0]) else { return nil }
            switch name {
            case "abs": return .number(Swift.abs(a))
            case "floor": return .number(a.rounded(.down))
            case "ceil": return .number(a.rounded(.up))
            default: return .number(a.rounded(.toNearestOrAwayFromZero))
            }
        }
    }

    private func binary(_ operation: BinaryOperator, _ left: Syntax, _ right: Syntax) -> Value? {
        switch operation {
        case .and:
            let pair = (flag(left), flag(right))
            if pair.0 == false || pair.1 == false { return .flag(false) }
            return pair.0 == nil || pair.1 == nil ? nil : .flag(true)
        case .or:
            let pair = (flag(left), flag(right))
            if pair.0 == true || pair.1 == true { return .flag(true) }
            return pair.0 == nil || pair.1 == nil ? nil : .flag(false)
        case .within:
            if case .list(let parts) = right.node {
                guard let one = value(left) else { return nil }
                return .flag(parts.contains { value($0) == one })
            }
            guard case .text(let word) = left.node else { return nil }
            return .flag(words(right)?.contains(word) ?? false)
        case .equal, .notEqual:
            guard let a = value(left), let b = value(right) else { return nil }
            return .flag((a == b) == (operation == .equal))
        case .less: return order(left, right, <, <)
        case .lessOrEqual: return order(left, right, <=, <=)
        case .greater: return order(left, right, >, >)
        case .greaterOrEqual: return order(left, right, >=, >=)
        case .add, .subtract, .multiply, .divide, .remainder:
            guard let a = number(left), let b = number(right) else { return nil }
            switch operation {
            case .add: return Self.finite(a + b)
            case .subtract: return Self.finite(a - b)
            case .multiply: return Self.finite(a * b)
            case .divide: return Self.finite(a / b)
            default: return Self.finite(a.truncatingRemainder(dividingBy: b))
            }
        }
    }

    private func order(
        _ left: Syntax, _ right: Syntax, _ numbers: (Double, Double) -> Bool,
        _ texts: (String, String) -> Bool
    ) -> Value? {
        switch (value(left), value(right)) {
        case (.number(let a), .number(let b)): .flag(numbers(a, b))
        case (.text(let a), .text(let b)): .flag(texts(a, b))
        default: nil
        }
    }
}

extension ExpressionValue {
    /// The same without the difference between numbers, times and durations.
    var naive: Naive.Value? {
        switch self {
        case .unknown: nil
        case .number(let value), .time(let value), .duration(let value): .number(value)
        case .flag(let flag): .flag(flag)
        case .text(let text): .text(text)
        }
    }
}
