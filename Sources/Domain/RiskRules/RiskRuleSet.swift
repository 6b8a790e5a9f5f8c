import Expressions
package import Profiles

/// Rules that were parsed and checked, ready to be asked of users.
///
/// A module of its own, without models: the supervisor checks rules, and must not load the library
/// of matrices, whose threads would take its signals.
package struct RiskRuleSet: Sendable {
    package struct Compiled: Sendable {
        package let rule: RiskRule
        private let condition: UserReader
        private let reason: ReasonText
        private let tags: TagReader

        init(_ rule: RiskRule, _ tags: TagReader) throws(RiskFailure) {
            self.rule = rule
            self.tags = tags
            reason = try ReasonText(rule.reason, tags)
            condition = try Self.condition(rule.when, tags)
        }

        private static func condition(
            _ text: String, _ tags: TagReader
        ) throws(RiskFailure) -> UserReader {
            let reader: UserReader
            do throws(ExpressionError) {
                _ = try Expression(condition: text, in: tags.set.symbols)
                reader = try tags.reader(text)
            } catch {
                throw RiskFailure("when", error.explained(in: text))
            }
            let expression = reader.expression
            guard !expression.slots.contains(.value("risk.score")),
                !expression.textSlots.contains(.value("risk.action"))
            else { throw RiskFailure("when", "a rule cannot ask for risk, which it makes") }
            return reader
        }

        /// The expressions in the reason, as the parser writes them.
        package var expressions: [String] { reason.values.map(\.expression) }

        package func holds(_ view: UserView) -> Bool { tags.value(condition, of: view).isTrue }

        package func reason(_ view: UserView) -> String { reason.filled(view, tags) }
    }

    package let rules: [Compiled]

    /// - Throws: what is wrong with each rule.
    package init(_ rules: [RiskRule], tags: TagReader) throws(RiskFailure) {
        var compiled: [Compiled] = []
        var failure = RiskFailure()
        for rule in rules {
            do throws(RiskFailure) {
                compiled.append(try Compiled(rule, tags))
            } catch {
                for problem in error.problems {
                    failure.add("risk.rules.\(rule.name).\(problem.place)", problem.message)
                }
            }
        }
        guard failure.isEmpty else { throw failure }
        self.rules = compiled
    }
}
