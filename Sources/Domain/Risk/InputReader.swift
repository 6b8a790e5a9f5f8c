import Expressions
package import Profiles
package import RiskRules

/// Reads the rows that models of risk see.
package struct InputReader: Sendable {
    private let tags: TagReader
    private let readers: [UserReader]
    /// The expressions as the parser writes them.
    let texts: [String]

    /// Reads the inputs of models that are yet to be fitted.
    package init(_ tags: TagReader) throws(RiskFailure) {
        try self.init(RiskInputs.all.map(\.expression), tags)
    }

    /// - Throws: which expression cannot be read.
    init(_ expressions: [String], _ tags: TagReader) throws(RiskFailure) {
        var readers: [UserReader] = []
        for text in expressions {
            do throws(ExpressionError) {
                readers.append(try tags.reader(text))
            } catch {
                throw RiskFailure("risk model", "\(error.explained(in: text))\nlimn risk fit")
            }
        }
        self.tags = tags
        self.readers = readers
        texts = readers.map { $0.expression.syntax.description }
    }

    /// One value per input; NaN is unknown.
    package func row(of view: UserView) -> [Float] {
        readers.map { reader in
            guard case .number(let value) = tags.value(reader, of: view) else { return .nan }
            return Float(value)
        }
    }
}
