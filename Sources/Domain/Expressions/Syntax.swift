/// An expression as it was written: a tree whose nodes know their place in the text.
package struct Syntax: Sendable {
    package indirect enum Node: Sendable {
        case number(Double)
        case duration(Double, DurationUnit)
        case text(String)
        case flag(Bool)
        case name(String)
        case list([Syntax])
        case member(Syntax, String)
        case entry(Syntax, Syntax)
        case call(String, [Syntax])
        case method(Syntax, String, [Syntax])
        case unary(UnaryOperator, Syntax)
        case binary(BinaryOperator, Syntax, Syntax)
        case choice(Syntax, Syntax, Syntax)
    }

    package var node: Node
    /// Bytes of the text.
    package var range: Range<Int>

    package init(_ node: Node, _ range: Range<Int> = 0..<0) {
        self.node = node
        self.range = range
    }

    package var children: [Syntax] {
        switch node {
        case .number, .duration, .text, .flag, .name: []
        case .list(let parts), .call(_, let parts): parts
        case .member(let base, _), .unary(_, let base): [base]
        case .entry(let a, let b), .binary(_, let a, let b): [a, b]
        case .method(let base, _, let parts): [base] + parts
        case .choice(let a, let b, let c): [a, b, c]
        }
    }
}

package enum DurationUnit: String, Sendable, CaseIterable {
    case milliseconds = "ms"
    case seconds = "s"
    case minutes = "min"
    case hours = "h"
    case days = "d"
    case weeks = "w"

    package var milliseconds: Double {
        switch self {
        case .milliseconds: 1
        case .seconds: 1000
        case .minutes: 60_000
        case .hours: 3_600_000
        case .days: 86_400_000
        case .weeks: 604_800_000
        }
    }
}

package enum UnaryOperator: String, Sendable, CaseIterable {
    case minus = "-"
    case not = "!"
}

package enum BinaryOperator: String, Sendable, CaseIterable {
    case or = "||"
    case and = "&&"
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case within = "in"
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case remainder = "%"

    /// Higher binds tighter; all associate to the left. As in CEL and C.
    var precedence: Int {
        switch self {
        case .or: 2
        case .and: 3
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .within: 4
        case .add, .subtract: 5
        case .multiply, .divide, .remainder: 6
        }
    }

    var isComparison: Bool { precedence == 4 && self != .within }
}
