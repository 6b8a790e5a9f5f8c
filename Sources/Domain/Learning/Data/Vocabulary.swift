/// Names and their dense numbers, in order of first sight.
package struct Vocabulary: Sendable, Equatable {
    package private(set) var names: [String] = []
    private var numbers: [String: Int32] = [:]

    package init() {}

    /// Traps when a name comes twice.
    package init(_ names: [String]) {
        for name in names {
            precondition(numbers[name] == nil, "a vocabulary holds each name once")
            _ = number(adding: name)
        }
    }

    package var count: Int { names.count }

    /// The number of a name, nil when unknown.
    package func number(of name: String) -> Int32? { numbers[name] }

    /// The number of a name, given now when unknown.
    package mutating func number(adding name: String) -> Int32 {
        if let known = numbers[name] { return known }
        let new = Int32(names.count)
        numbers[name] = new
        names.append(name)
        return new
    }

    /// Traps when the number was never given.
    package subscript(number: Int32) -> String { names[Int(number)] }

    package static func == (a: Vocabulary, b: Vocabulary) -> Bool { a.names == b.names }
}
