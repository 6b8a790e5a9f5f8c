/// Reads an expression by operator precedence (Pratt's method).
package struct Parser {
    private var lexer: Lexer
    private var token = Token.end
    private var range = 0..<0
    /// Where the last token that was taken ended.
    private var takenEnd = 0
    private var cost = 0

    /// - Throws: what is wrong with the text and where; never anything else, whatever the bytes.
    package static func parse(_ text: String) throws(ExpressionError) -> Syntax {
        let length = text.utf8.count
        guard length <= ExpressionLimits.lengthMax else {
            throw ExpressionError(
                .tooLong, ExpressionLimits.lengthMax..<length,
                "\(length) bytes are more than \(ExpressionLimits.lengthMax)",
                hint: "make parts of it tags, and ask for these")
        }
        var parser = Parser(lexer: Lexer(text))
        try parser.advance()
        let syntax = try parser.expression(above: 0, depth: 0).syntax
        guard parser.token == .end else { throw parser.unexpected("an operator or the end") }
        return syntax
    }

    private init(lexer: Lexer) {
        self.lexer = lexer
    }

    /// A tree and its height, which is bounded.
    private typealias Part = (syntax: Syntax, height: Int)

    private mutating func advance() throws(ExpressionError) {
        takenEnd = range.upperBound
        (token, range) = try lexer.next()
    }

    private mutating func part(
        _ node: Syntax.Node, from start: Int, over heights: [Int] = []
    ) throws(ExpressionError) -> Part {
        cost += 1
        guard cost <= ExpressionLimits.costMax else {
            throw ExpressionError(
                .tooCostly, start..<takenEnd,
                "more than \(ExpressionLimits.costMax) parts in one expression",
                hint: "make parts of it tags, and ask for these")
        }
        let height = (heights.max() ?? 0) + 1
        try checkDepth(height, start..<takenEnd)
        return (Syntax(node, start..<takenEnd), height)
    }

    private func checkDepth(_ depth: Int, _ range: Range<Int>) throws(ExpressionError) {
        guard depth <= ExpressionLimits.depthMax else {
            throw ExpressionError(
                .tooDeep, range, "deeper than \(ExpressionLimits.depthMax) levels",
                hint: "make parts of it tags, and ask for these")
        }
    }

    private mutating func expression(
        above limit: Int, depth: Int
    ) throws(ExpressionError) -> Part {
        try checkDepth(depth, range)
        let start = range.lowerBound
        var left = try prefix(depth: depth)
        while true {
            if let operation = binary, operation.precedence > limit {
                try advance()
                let right = try expression(above: operation.precedence, depth: depth + 1)
                left = try part(
                    .binary(operation, left.syntax, right.syntax), from: start,
                    over: [left.height, right.height])
            } else if token == .mark("?"), limit == 0 {
                try advance()
                let yes = try expression(above: 0, depth: depth + 1)
                try take(":")
                let no = try expression(above: 0, depth: depth + 1)
                left = try part(
                    .choice(left.syntax, yes.syntax, no.syntax), from: start,
                    over: [left.height, yes.height, no.height])
            } else {
                return left
            }
        }
    }

    private var binary: BinaryOperator? {
        switch token {
        case .mark(let mark): mark == "!" ? nil : BinaryOperator(rawValue: mark)
        case .name("in"): .within
        default: nil
        }
    }

    private mutating func prefix(depth: Int) throws(ExpressionError) -> Part {
        let start = range.lowerBound
        if case .mark(let mark) = token, let operation = UnaryOperator(rawValue: mark) {
            try advance()
            try checkDepth(depth + 1, start..<takenEnd)
            let inner = try prefix(depth: depth + 1)
            return try part(.unary(operation, inner.syntax), from: start, over: [inner.height])
        }
        return try postfix(try primary(depth: depth), from: start, depth: depth)
    }

    private mutating func postfix(
        _ base: Part, from start: Int, depth: Int
    ) throws(ExpressionError) -> Part {
        var base = base
        while true {
            if token == .mark(".") {
                try advance()
                guard case .name(let name) = token else { throw unexpected("a name") }
                try advance()
                if token == .mark("(") {
                    let (parts, heights) = try list(closing: ")", depth: depth)
                    base = try part(
                        .method(base.syntax, name, parts), from: start,
                        over: heights + [base.height])
                } else {
                    base = try part(
                        .member(base.syntax, name), from: start, over: [base.height])
                }
            } else if token == .mark("[") {
                try advance()
                let key = try expression(above: 0, depth: depth + 1)
                try take("]")
                base = try part(
                    .entry(base.syntax, key.syntax), from: start, over: [base.height, key.height])
            } else {
                return base
            }
        }
    }

    private mutating func primary(depth: Int) throws(ExpressionError) -> Part {
        let start = range.lowerBound
        switch token {
        case .number(let value):
            try advance()
            return try part(.number(value), from: start)
        case .duration(let value, let unit):
            try advance()
            return try part(.duration(value, unit), from: start)
        case .text(let text):
            try advance()
            return try part(.text(text), from: start)
        case .name("true"), .name("false"):
            let flag = token == .name("true")
            try advance()
            return try part(.flag(flag), from: start)
        case .name(let name) where name != "in":
            try advance()
            guard token == .mark("(") else { return try part(.name(name), from: start) }
            let (parts, heights) = try list(closing: ")", depth: depth)
            return try part(.call(name, parts), from: start, over: heights)
        case .mark("["):
            let (parts, heights) = try list(closing: "]", depth: depth)
            return try part(.list(parts), from: start, over: heights)
        case .mark("("):
            try advance()
            let inner = try expression(above: 0, depth: depth + 1)
            try take(")")
            return inner
        default:
            throw unexpected("a value")
        }
    }

    /// What stands between brackets, the opening one being the present token.
    private mutating func list(
        closing mark: String, depth: Int
    ) throws(ExpressionError) -> ([Syntax], [Int]) {
        try advance()
        var parts: [Syntax] = []
        var heights: [Int] = []
        while token != .mark(mark) {
            if !parts.isEmpty { try take(",") }
            let part = try expression(above: 0, depth: depth + 1)
            parts.append(part.syntax)
            heights.append(part.height)
        }
        try advance()
        return (parts, heights)
    }

    private mutating func take(_ mark: String) throws(ExpressionError) {
        guard token == .mark(mark) else { throw unexpected("\"\(mark)\"") }
        try advance()
    }

    private static let meant = ["and": "&&", "or": "||", "not": "!", "AND": "&&", "OR": "||"]

    private func unexpected(_ wanted: String) -> ExpressionError {
        var hint = ""
        if case .name(let name) = token, let mark = Self.meant[name] { hint = "write \(mark)" }
        return ExpressionError(
            .unexpectedToken, range, "\(wanted) is expected here, not \(token.words)", hint: hint)
    }
}
