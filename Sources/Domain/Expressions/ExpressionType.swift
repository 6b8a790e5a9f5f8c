/// What an expression, or a part of one, yields.
package enum ExpressionType: String, Sendable, Equatable {
    case number
    case flag
    case text
    /// A moment, in Unix milliseconds.
    case time
    /// A length of time, in milliseconds.
    case duration
    /// A set of texts, such as tags.
    case set
    /// Numbers by name, such as the affinities to categories.
    case numbers
    /// Texts by name, such as the properties of a user.
    case texts

    /// With an article, as messages say it.
    package var words: String {
        switch self {
        case .number: "a number"
        case .flag: "a truth value"
        case .text: "a text"
        case .time: "a time"
        case .duration: "a duration"
        case .set: "a set of texts"
        case .numbers: "numbers by name"
        case .texts: "texts by name"
        }
    }

    /// Whether one value stands for it; the others are only looked into.
    package var isScalar: Bool {
        switch self {
        case .number, .flag, .text, .time, .duration: true
        case .set, .numbers, .texts: false
        }
    }
}

/// One name that expressions may use.
package struct Symbol: Sendable, Equatable {
    /// With dots, such as `stats.spend_30d`.
    package var name: String
    package var type: ExpressionType
    package var unit: String
    package var meaning: String
    /// The only names that may be asked for in a set, where they are known; nil = any.
    package var vocabulary: [String]?

    package init(
        _ name: String, _ type: ExpressionType, unit: String = "", _ meaning: String,
        vocabulary: [String]? = nil
    ) {
        self.name = name
        self.type = type
        self.unit = unit
        self.meaning = meaning
        self.vocabulary = vocabulary
    }
}

/// Everything that an expression may name; a later symbol of the same name replaces an earlier one.
package struct SymbolTable: Sendable {
    package private(set) var symbols: [Symbol] = []
    private var places: [String: Int] = [:]

    package init(_ symbols: [Symbol]) {
        for symbol in symbols { put(symbol) }
    }

    package mutating func put(_ symbol: Symbol) {
        if let place = places[symbol.name] {
            symbols[place] = symbol
        } else {
            places[symbol.name] = symbols.count
            symbols.append(symbol)
        }
    }

    package subscript(name: String) -> Symbol? { places[name].map { symbols[$0] } }
}

/// How much an expression may be, so that a stranger's text costs a bounded amount.
package enum ExpressionLimits {
    /// Bytes of the text.
    package static let lengthMax = 4096
    /// Height of the tree, and of parentheses in one another. Recursion over it takes less than
    /// 100 KiB of stack.
    package static let depthMax = 100
    /// Nodes of the tree; each costs one step per evaluation.
    package static let costMax = 1000
}
