package import Expressions
package import Profiles
package import Runtime

extension Configuration {
    /// The tags, compiled in the order of the file; `others` behind them.
    package func tagReader(adding others: [TagDefinition] = []) throws(TagFailure) -> TagReader {
        try TagReader(
            tags.map {
                TagDefinition($0.name, condition: $0.when, value: $0.value, meaning: $0.meaning)
            } + others)
    }
}
