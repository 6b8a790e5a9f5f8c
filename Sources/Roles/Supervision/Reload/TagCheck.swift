import Expressions
import Profiles
import Runtime

/// Whether the tags of a configuration can be understood, which the reader of the file, who knows
/// no users, cannot say.
enum TagCheck {
    static func check(_ configuration: Configuration, file: String) throws(StartFailure) {
        do throws(TagFailure) {
            _ = try TagReader(
                configuration.tags.map {
                    TagDefinition($0.name, condition: $0.when, meaning: $0.meaning)
                })
        } catch {
            throw StartFailure(
                .configuration, "\(file): \(error)",
                hint: "limn eval lists what a condition can ask for, and tries one")
        }
    }
}
