import Expressions
import Profiles

/// A rule's reason, ready to be filled in: words, and expressions whose values stand among them.
struct ReasonText: Sendable {
    struct Value: Sendable {
        let reader: UserReader
        let isPercent: Bool
        /// The expression as the parser writes it, by which it is known again.
        var expression: String { reader.expression.syntax.description }
    }

    private enum Part: Sendable {
        case words(String)
        case value(Int)
    }

    let values: [Value]
    private let parts: [Part]

    /// - Throws: what is wrong, with the text or with an expression in it.
    init(_ text: String, _ tags: TagReader) throws(RiskFailure) {
        var parts: [Part] = []
        var values: [Value] = []
        var rest = text[...]
        while let open = rest.firstIndex(of: "{") {
            parts.append(.words(String(rest[..<open])))
            guard let close = rest[open...].firstIndex(of: "}") else {
                throw RiskFailure("reason", "\"{\" has no \"}\": \(rest[open...])")
            }
            var inside = rest[rest.index(after: open)..<close]
            while inside.last == " " { inside.removeLast() }
            // An expression cannot end in an operator, so this is none.
            let isPercent = inside.last == "%"
            if isPercent { inside.removeLast() }
            let expression = String(inside)
            do throws(ExpressionError) {
                values.append(Value(reader: try tags.reader(expression), isPercent: isPercent))
            } catch {
                throw RiskFailure("reason", error.explained(in: expression))
            }
            parts.append(.value(values.count - 1))
            rest = rest[rest.index(after: close)...]
        }
        parts.append(.words(String(rest)))
        self.parts = parts
        self.values = values
    }

    func filled(_ view: UserView, _ tags: TagReader) -> String {
        var text = ""
        for part in parts {
            switch part {
            case .words(let words): text += words
            case .value(let place):
                let value = values[place]
                text += Self.words(tags.value(value.reader, of: view), value.isPercent)
            }
        }
        return text
    }

    private static func words(_ value: ExpressionValue, _ isPercent: Bool) -> String {
        switch value {
        case .unknown: "unknown"
        case .number(let number):
            isPercent ? ReasonWords.percent(number) : ReasonWords.number(number)
        case .flag(let flag): flag ? "yes" : "no"
        case .text(let text): text
        case .duration(let ms): ReasonWords.number(ms / 86_400_000) + " days"
        case .time(let ms): ReasonWords.number(ms)
        }
    }
}
