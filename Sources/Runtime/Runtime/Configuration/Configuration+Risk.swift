extension Configuration {
    /// Whom the shop is warned of.
    package struct Risk: Sendable, Equatable {
        package var review = 0.5
        package var block = 0.8
        package var anomalyWeight = 0.3
        package var builtInRules = true
        package var rules: [RiskRule] = []

        package init() {}
    }

    /// A condition, which the language of expressions checks and understands, with what it says.
    package struct RiskRule: Sendable, Equatable {
        package enum Action: String, Sendable, CaseIterable { case allow, review, block }

        package var name: String
        package var when = ""
        package var score = 0.0
        package var reason = ""
        package var action = Action.allow

        package init(_ name: String) { self.name = name }
    }
}

extension Configuration.Risk {
    mutating func read(_ section: inout Section) {
        section.number("review", &review, in: 0.01...1)
        section.number("block", &block, in: 0.01...1)
        section.number("anomalyWeight", &anomalyWeight, in: 0...1)
        section.flag("builtInRules", &builtInRules)
        section.rules("rules", &rules)
    }
}

extension Section {
    /// Rules by name, in the order of their lines.
    fileprivate mutating func rules(_ key: String, _ rules: inout [Configuration.RiskRule]) {
        var found: [Configuration.RiskRule] = []
        section(key) { section in
            for name in section.namesByLine {
                var rule = Configuration.RiskRule(name)
                section.section(name) { nested in
                    nested.text("when", &rule.when, bytes: 1...4096)
                    nested.number("score", &rule.score, in: 0...1)
                    nested.text("reason", &rule.reason, bytes: 0...1024)
                    nested.choice("action", &rule.action)
                    if nested.missing.contains(where: { $0.hasSuffix(".when") }) {
                        nested.refuse("when", "is missing: the condition of the rule")
                    }
                    if nested.missing.contains(where: { $0.hasSuffix(".score") }) {
                        nested.refuse("score", "is missing: 0 to 1, how much the rule says")
                    }
                }
                found.append(rule)
            }
        }
        rules = found
    }
}
