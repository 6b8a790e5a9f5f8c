/// A tag as the configuration declares it: who meets the condition has it.
package struct TagDefinition: Sendable, Equatable {
    package var name: String
    package var condition: String
    /// An expression whose value of a user is told with the tag; empty: none.
    package var value: String
    package var meaning: String

    package init(
        _ name: String, condition: String, value: String = "", meaning: String = ""
    ) {
        self.name = name
        self.condition = condition
        self.value = value
        self.meaning = meaning
    }
}

/// Everything that is wrong with the tags of a configuration.
package struct TagFailure: Error, Equatable, Sendable, CustomStringConvertible {
    package var problems: [(tag: String, message: String)] {
        zip(tags, messages).map { ($0, $1) }
    }
    private var tags: [String] = []
    private var messages: [String] = []

    init() {}

    var isEmpty: Bool { tags.isEmpty }

    mutating func add(_ tag: String, _ message: String) {
        tags.append(tag)
        messages.append(message)
    }

    package var description: String {
        problems.map { "tags.\($0.tag): \($0.message)" }.joined(separator: "\n")
    }
}

/// Compiled tags. A tag may ask for others, `"vip" in tags`, but not in a circle.
package struct TagSet: Sendable {
    package struct Tag: Sendable {
        package let definition: TagDefinition
        package let expression: Expression
        package let value: Expression?
    }

    /// The symbol under which expressions see tags.
    package static let symbol = "tags"
    package static let countMax = 1000
    /// Bytes of a tag's name.
    package static let nameMax = 64

    /// As they were declared.
    package let tags: [Tag]
    /// Places of the tags, such that each asks only for those before it.
    package let order: [Int]
    /// Everything that expressions may name, the tags included.
    package let symbols: SymbolTable

    /// - Throws: what is wrong with each tag, all at once.
    package init(
        _ definitions: [TagDefinition], in symbols: SymbolTable
    ) throws(TagFailure) {
        var failure = TagFailure()
        var table = symbols
        let names = definitions.map(\.name)
        table.put(Symbol(Self.symbol, .set, "tags of the configuration", vocabulary: names))
        var tags: [Tag] = []
        var seen: Set<String> = []
        if definitions.count > Self.countMax {
            failure.add("*", "\(definitions.count) tags are more than \(Self.countMax)")
        }
        for definition in definitions {
            if let wrong = Self.wrongName(definition.name, seen) {
                failure.add(definition.name, wrong)
            }
            seen.insert(definition.name)
            do {
                let expression = try Expression(condition: definition.condition, in: table)
                if expression.slots.contains(.size(Self.symbol)) {
                    failure.add(definition.name, "a tag cannot count tags, it is one of them")
                }
                tags.append(
                    Tag(
                        definition: definition, expression: expression,
                        value: Self.value(of: definition, in: table, &failure)))
            } catch {
                failure.add(definition.name, error.explained(in: definition.condition))
            }
        }
        guard failure.isEmpty else { throw failure }
        order = try Self.order(tags)
        self.tags = tags
        self.symbols = table
    }

    private static func value(
        of definition: TagDefinition, in symbols: SymbolTable, _ failure: inout TagFailure
    ) -> Expression? {
        guard !definition.value.isEmpty else { return nil }
        do throws(ExpressionError) {
            return try Expression(definition.value, in: symbols)
        } catch {
            failure.add(definition.name, "value: " + error.explained(in: definition.value))
            return nil
        }
    }

    private static func wrongName(_ name: String, _ seen: Set<String>) -> String? {
        if seen.contains(name) { return "this tag is declared twice" }
        let length = name.utf8.count
        if length == 0 || length > nameMax { return "a name has 1 to \(nameMax) bytes" }
        let isPrintable = !name.utf8.contains { $0 < 0x20 || $0 == 0x7F }
        return isPrintable ? nil : "a name has no control characters"
    }

    /// Tags that a tag asks for, by place.
    private static func needs(_ tags: [Tag]) -> [[Int]] {
        var places: [String: Int] = [:]
        for (place, tag) in tags.enumerated() { places[tag.definition.name] = place }
        return tags.map { tag in
            tag.expression.slots.compactMap { slot in
                if case .member(symbol, let word) = slot { places[word] } else { nil }
            }
        }
    }

    /// Depth first, with a stack of its own: a chain of a thousand tags is no deep recursion.
    private static func order(_ tags: [Tag]) throws(TagFailure) -> [Int] {
        let needs = needs(tags)
        var order: [Int] = []
        var isDone = [Bool](repeating: false, count: tags.count)
        var isOpen = isDone
        for root in tags.indices where !isDone[root] {
            var path = [(tag: root, next: 0)]
            isOpen[root] = true
            while let top = path.last {
                if top.next == needs[top.tag].count {
                    isOpen[top.tag] = false
                    isDone[top.tag] = true
                    order.append(top.tag)
                    path.removeLast()
                    continue
                }
                path[path.count - 1].next += 1
                let need = needs[top.tag][top.next]
                if isOpen[need] {
                    let start = path.firstIndex { $0.tag == need } ?? 0
                    let circle = path[start...].map(\.tag) + [need]
                    var failure = TagFailure()
                    failure.add(
                        tags[need].definition.name,
                        "asks for itself: "
                            + circle.map { tags[$0].definition.name }.joined(separator: " → "))
                    throw failure
                }
                if !isDone[need] {
                    isOpen[need] = true
                    path.append((need, 0))
                }
            }
        }
        return order
    }
}
