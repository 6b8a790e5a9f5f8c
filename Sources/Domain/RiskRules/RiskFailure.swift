/// Everything that is wrong with rules, or with what a model asks for.
package struct RiskFailure: Error, Equatable, Sendable, CustomStringConvertible {
    package struct Problem: Equatable, Sendable {
        /// A key of the configuration, or what else is meant.
        package var place: String
        package var message: String
    }

    package private(set) var problems: [Problem] = []

    init() {}

    package init(_ place: String, _ message: String) { add(place, message) }

    var isEmpty: Bool { problems.isEmpty }

    mutating func add(_ place: String, _ message: String) {
        problems.append(Problem(place: place, message: message))
    }

    package var description: String {
        problems.map { "\($0.place): \($0.message)" }.joined(separator: "\n")
    }
}
