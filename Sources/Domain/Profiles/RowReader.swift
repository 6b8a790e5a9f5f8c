import Expressions

/// Why a row cannot be read: which expression is wrong, and how.
package struct UnreadableRow: Error, Equatable, Sendable {
    package let explanation: String

    package init(_ explanation: String) { self.explanation = explanation }
}

/// Reads rows of numbers for models, a number per expression.
package struct RowReader: Sendable {
    private let tags: TagReader
    private let readers: [UserReader]
    /// The expressions as the parser writes them.
    package let texts: [String]

    package init(_ expressions: [String], _ tags: TagReader) throws(UnreadableRow) {
        var readers: [UserReader] = []
        for text in expressions {
            do throws(ExpressionError) {
                readers.append(try tags.reader(text))
            } catch {
                throw UnreadableRow(error.explained(in: text))
            }
        }
        self.tags = tags
        self.readers = readers
        texts = readers.map { $0.expression.syntax.description }
    }

    /// One value per expression; NaN is unknown.
    package func row(of view: UserView) -> [Float] {
        readers.map { reader in
            guard case .number(let value) = tags.value(reader, of: view) else { return .nan }
            return Float(value)
        }
    }
}
