package import RiskRules
package import Runtime

extension Configuration.Risk {
    /// The built-in rules with the configuration's in their place and behind them.
    package var allRules: [RiskRule] {
        let own = rules.map { rule in
            RiskRule(
                rule.name, when: rule.when, score: rule.score, reason: rule.reason,
                action: RiskAction(rawValue: rule.action.rawValue) ?? .allow)
        }
        return RiskRule.merged(own, builtIn: builtInRules)
    }

    package var thresholds: RiskThresholds {
        var thresholds = RiskThresholds()
        thresholds.review = review
        thresholds.block = block
        thresholds.anomalyWeight = anomalyWeight
        return thresholds
    }
}
