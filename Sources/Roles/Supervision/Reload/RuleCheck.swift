import Cleaning
import ConfiguredRules
import Expressions
import Profiles
import RiskRules
import Runtime

/// Whether the rules of cleaning, the tags and the rules of risk of a configuration can be
/// understood, which the reader of the file, who knows neither records nor users, cannot say.
enum RuleCheck {
    static func check(_ configuration: Configuration, file: String) throws(StartFailure) {
        let tags: TagReader
        do throws(TagFailure) {
            tags = try configuration.tagReader()
        } catch {
            throw StartFailure(
                .configuration, "\(file): \(error)",
                hint: "limn eval lists what a condition can ask for, and tries one")
        }
        do throws(CleaningFailure) {
            _ = try configuration.cleaningPlan()
        } catch {
            throw StartFailure(
                .configuration, "\(file): \(error)",
                hint: "limn quality FILE --rules suggests rules that fit")
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
