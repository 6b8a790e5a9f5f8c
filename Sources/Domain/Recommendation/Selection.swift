/// One question: what to show to whom, under which rules.
package struct Ask: Sendable {
    package var taste: Taste
    package var count = 10
    /// Only items of this category and below; empty = all.
    package var category = ""
    package var exclude: [String] = []
    package var includesPurchased = false
    package var includesCart = false
    /// Finds the item of the history behind each pick.
    package var explains = false

    package init(taste: Taste) { self.taste = taste }
}

/// One recommended item with the parts of its score by source.
package struct Pick: Sendable, Equatable {
    package var item: Int32
    /// By `Source.rawValue`; the score is their sum.
    package var parts = SIMD8<Float>.zero
    /// The item of the history that led here; -1 when none did or nobody asked.
    package var because: Int32 = -1

    package init(item: Int32) { self.item = item }

    package var score: Float { parts.sum() }

    /// The personal source that `because` speaks for.
    package var becauseSource: Source {
        let near = parts[Source.neighbours.rawValue]
        return near > 0 && near >= parts[Source.factors.rawValue] ? .neighbours : .factors
    }

    /// The source with the largest part; the catalogue when none has any.
    package var source: Source {
        var best = Source.catalogue
        var most: Float = 0
        for source in Source.allCases where parts[source.rawValue] > most {
            most = parts[source.rawValue]
            best = source
        }
        return best
    }
}

/// What is left out of a list for what its user did before: one policy for serving and evaluation.
package struct LeftOut: Sendable, Equatable {
    package var purchased = true
    package var inCart = true
    package var hidden = true
    /// Rated or reviewed, of the events of the history.
    package var rated = true
    /// Viewed, clicked or read for a while, of the events of the history.
    package var viewed = false

    package init() {}

    /// Whether an event of the history keeps its item out by itself, and by which rule; `type` is
    /// its number on the wire.
    func rule(ofRecent type: Int32) -> Rule? {
        switch type {
        case 1, 3, 18: viewed ? .viewed : nil
        case 11, 12: rated ? .rated : nil
        default: nil
        }
    }
}

/// The rules that keep items out, in the order in which they are applied; each item counts once.
package enum Rule: Int, Sendable, CaseIterable {
    case category, unavailable, hidden, purchased, cart, rated, viewed, excluded

    package var name: String {
        switch self {
        case .category: "category"
        case .unavailable: "unavailable"
        case .hidden: "hidden"
        case .purchased: "purchased"
        case .cart: "in_cart"
        case .rated: "rated"
        case .viewed: "viewed"
        case .excluded: "excluded"
        }
    }
}

/// The answer to an ask, best first.
package struct Selection: Sendable, Equatable {
    package var picks: [Pick] = []
    /// Nothing personal was known.
    package var isFallback = false
    /// Items removed, by `Rule.rawValue`.
    package var filtered = [Int](repeating: 0, count: Rule.allCases.count)

    package init() {}
}
