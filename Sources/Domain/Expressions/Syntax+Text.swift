extension Syntax: CustomStringConvertible {
    /// The expression written again, with the fewest parentheses; parsing it gives the same tree.
    package var description: String {
        var out = ""
        write(into: &out, above: 0)
        return out
    }

    /// How tightly the node binds: what is looser than its surroundings needs parentheses.
    private var precedence: Int {
        switch node {
        case .choice: 1
        case .binary(let operation, _, _): operation.precedence
        case .unary: 7
        default: 8
        }
    }

    private func write(into out: inout String, above limit: Int) {
        let isLoose = precedence < limit
        if isLoose { out += "(" }
        switch node {
        case .number(let value): out += Self.number(value)
        case .duration(let value, let unit): out += Self.number(value) + unit.rawValue
        case .text(let text): out += Self.quoted(text)
        case .flag(let flag): out += flag ? "true" : "false"
        case .name(let name): out += name
        case .list(let parts): Self.write(parts, "[", "]", into: &out)
        case .member(let base, let name):
            base.write(into: &out, above: 8)
            out += "." + name
        case .entry(let base, let key):
            base.write(into: &out, above: 8)
            Self.write([key], "[", "]", into: &out)
        case .call(let name, let parts):
            out += name
            Self.write(parts, "(", ")", into: &out)
        case .method(let base, let name, let parts):
            base.write(into: &out, above: 8)
            out += "." + name
            Self.write(parts, "(", ")", into: &out)
        case .unary(let operation, let part):
            out += operation.rawValue
            part.write(into: &out, above: 7)
        case .binary(let operation, let left, let right):
            left.write(into: &out, above: operation.precedence)
            out += " \(operation.rawValue) "
            right.write(into: &out, above: operation.precedence + 1)
        case .choice(let condition, let yes, let no):
            condition.write(into: &out, above: 2)
            out += " ? "
            yes.write(into: &out, above: 0)
            out += " : "
            no.write(into: &out, above: 1)
        }
        if isLoose { out += ")" }
    }

    private static func write(
        _ parts: [Syntax], _ open: String, _ close: String, into out: inout String
    ) {
        out += open
        for (at, part) in parts.enumerated() {
            if at > 0 { out += ", " }
            part.write(into: &out, above: 0)
        }
        out += close
    }

    private static func number(_ value: Double) -> String {
        if value == value.rounded(), value.magnitude < 1e15, let whole = Int64(exactly: value) {
            return String(whole)
        }
        return "\(value)"
    }

    private static func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\t": out += "\\t"
            case "\r": out += "\\r"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }
}

extension Syntax: Equatable {
    /// Same tree; where it stood in its text does not matter.
    package static func == (left: Syntax, right: Syntax) -> Bool {
        switch (left.node, right.node) {
        case (.number(let a), .number(let b)): a == b
        case (.duration(let a, let u), .duration(let b, let v)): a == b && u == v
        // Byte for byte: text that only looks the same is another literal.
        case (.text(let a), .text(let b)): a.utf8.elementsEqual(b.utf8)
        case (.flag(let a), .flag(let b)): a == b
        case (.name(let a), .name(let b)): a == b
        case (.list(let a), .list(let b)): a == b
        case (.member(let a, let m), .member(let b, let n)): a == b && m == n
        case (.entry(let a, let k), .entry(let b, let l)): a == b && k == l
        case (.call(let f, let a), .call(let g, let b)): f == g && a == b
        case (.method(let a, let f, let p), .method(let b, let g, let q)):
            a == b && f == g && p == q
        case (.unary(let o, let a), .unary(let p, let b)): o == p && a == b
        case (.binary(let o, let a, let b), .binary(let p, let c, let d)):
            o == p && a == c && b == d
        case (.choice(let a, let b, let c), .choice(let d, let e, let f)):
            a == d && b == e && c == f
        default: false
        }
    }
}
