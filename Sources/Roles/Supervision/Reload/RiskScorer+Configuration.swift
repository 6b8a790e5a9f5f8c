package import Profiles
package import Risk
package import Runtime

extension RiskScorer {
    /// The rules and thresholds of a configuration.
    package init(
        _ settings: Configuration.Risk, tags: TagReader, model: RiskModel? = nil
    ) throws(RiskFailure) {
        var thresholds = RiskThresholds()
        thresholds.review = settings.review
        thresholds.block = settings.block
        thresholds.anomalyWeight = settings.anomalyWeight
        let own = settings.rules.map { rule in
            RiskRule(
                rule.name, when: rule.when, score: rule.score, reason: rule.reason,
                action: RiskAction(rawValue: rule.action.rawValue) ?? .allow)
        }
        try self.init(
            rules: RiskRule.merged(own, builtIn: settings.builtInRules), thresholds: thresholds,
            tags: tags, model: model)
    }
}
