import ConfiguredRules
import Expressions
import Profiles
import RiskRules
import Runtime

/// Whether the tags and the rules of risk of a configuration can be understood, which the reader of
/// the file, who knows no users, cannot say.
enum TagCheck {
    static func check(_ configuration: Configuration, file: String) throws(StartFailure) {
        let tags: TagReader
        do throws(TagFailure) {
            tags = try configuration.tagReader()
        } catch {
            throw StartFailure(
                .configuration, "\(file): \(error)",
                hint: "limn eval lists what a condition can ask for, and tries one")
        }
        do throws(RiskFailure) {
            _ = try RiskRuleSet(configuration.risk.allRules, tags: tags)
        } catch {
            throw StartFailure(
                .configuration, "\(file): \(error)",
                hint: "limn eval lists what a condition can ask for, and tries one")
        }
    }
}
