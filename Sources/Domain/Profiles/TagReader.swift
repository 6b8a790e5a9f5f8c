package import Expressions
import Features

/// The tags of a configuration, ready to be asked of users, and expressions beside them.
package struct TagReader: Sendable {
    package let set: TagSet
    private let places: [String: Int]
    let readers: [UserReader]
    /// Of the tags that have a value.
    let valueReaders: [UserReader?]
    /// What each tag rests on.
    package let bases: [TagBasis]

    /// - Throws: what is wrong with each tag.
    package init(_ definitions: [TagDefinition]) throws(TagFailure) {
        set = try TagSet(definitions, in: UserSymbols.table)
        var places: [String: Int] = [:]
        for (place, tag) in set.tags.enumerated() { places[tag.definition.name] = place }
        self.places = places
        let readers = set.tags.map { UserReader($0.expression, tags: places) }
        valueReaders = set.tags.map { tag in tag.value.map { UserReader($0, tags: places) } }
        var bases = [TagBasis](repeating: .fact, count: readers.count)
        for place in set.order { bases[place] = readers[place].basis(tags: bases) }
        self.bases = bases
        self.readers = readers
    }

    /// An expression that may ask for these tags.
    package func reader(_ text: String) throws(ExpressionError) -> UserReader {
        UserReader(try Expression(text, in: set.symbols), tags: places)
    }

    /// Of each tag as declared: 1, 0, or NaN where it is unknown whether the user has it.
    ///
    /// A tag that asks for one that is unknown sees that it is not there, as `in` says.
    package func truths(of view: UserView) -> [Double] {
        var truths = [Double](repeating: 0, count: set.tags.count)
        var known = truths
        for place in set.order {
            let value = readers[place].value(of: view, tags: known)
            truths[place] = value == .unknown ? .nan : value.isTrue ? 1 : 0
            known[place] = value.isTrue ? 1 : 0
        }
        return truths
    }

    /// As the configuration has it; nil for a tag that is not declared.
    package func condition(of tag: String) -> String? {
        places[tag].map { set.tags[$0].definition.condition }
    }

    /// The value of a reader that ``reader(_:)`` made.
    package func value(_ reader: UserReader, of view: UserView) -> ExpressionValue {
        let asksForTags = reader.expression.slots.contains { slot in
            switch slot {
            case .member(TagSet.symbol, _), .size(TagSet.symbol): true
            default: false
            }
        }
        let truths = asksForTags ? truths(of: view) : []
        return reader.value(of: view, tags: truths.map { $0 == 1 ? 1 : 0 })
    }
}
