package import Profiles
package import RiskRules

extension RiskInputs {
    /// Reads the inputs of models that are yet to be fitted, or those that one was fitted with.
    /// - Throws: which expression cannot be read.
    package static func reader(
        _ tags: TagReader, _ expressions: [String] = all.map(\.expression)
    ) throws(RiskFailure) -> RowReader {
        do throws(UnreadableRow) {
            return try RowReader(expressions, tags)
        } catch {
            throw RiskFailure("risk model", "\(error.explanation)\nlimn risk fit")
        }
    }
}
