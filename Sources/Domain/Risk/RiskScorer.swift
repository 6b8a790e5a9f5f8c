import Expressions
import Learning
package import Profiles
package import RiskRules

/// Rules and, where one was fitted, a model, ready to be asked of users.
package struct RiskScorer: Sendable {
    package let rules: [RiskRule]
    package let thresholds: RiskThresholds
    package let model: RiskModel?
    private let inputs: RowReader
    private let compiled: [RiskRuleSet.Compiled]
    /// Of each rule, places of the model's inputs that its reason speaks of.
    private let covers: [[Int]]

    /// Users stranger than this share of all are told apart by how much; the others are usual.
    static let usualShare = 0.95
    /// Reasons that a model may give beside those of the rules.
    private static let modelReasonsMax = 3

    /// - Throws: what is wrong with each rule, and with a model that asks for what is no more.
    package init(
        rules: [RiskRule] = RiskRule.builtIn, thresholds: RiskThresholds = RiskThresholds(),
        tags: TagReader, model: RiskModel? = nil
    ) throws(RiskFailure) {
        self.rules = rules
        self.thresholds = thresholds
        self.model = model
        let inputs = try RiskInputs.reader(tags, model?.expressions ?? [])
        self.inputs = inputs
        compiled = try RiskRuleSet(rules, tags: tags).rules
        covers = compiled.map { rule in
            rule.expressions.compactMap { inputs.texts.firstIndex(of: $0) }
        }
    }

    /// What is thought of a user at the moment of the view.
    package func assess(_ view: UserView, asOfMs: Int64) -> RiskAssessment {
        let view = view.withoutRisk
        var result = RiskAssessment()
        result.asOfMs = asOfMs
        let row = inputs.row(of: view)
        var doubt = 1.0
        var demanded = RiskAction.allow
        var covered: Set<Int> = []
        for (rule, covers) in zip(compiled, covers) where rule.holds(view) {
            doubt *= 1 - rule.rule.score
            demanded = max(demanded, rule.rule.action)
            covered.formUnion(covers)
            result.reasons.append(reason(rule, covers, view, row))
        }
        result.rules = 1 - doubt
        result.reasons.sort { ($1.weight, $0.name) < ($0.weight, $1.name) }
        if let model { doubt *= add(model, row, covered, to: &result) }
        result.score = 1 - doubt
        result.level = thresholds.level(result.score)
        result.action = max(demanded, thresholds.action(result.score))
        return result
    }

    /// What expressions see.
    package func brief(_ view: UserView, asOfMs: Int64) -> RiskView {
        RiskView(assess(view, asOfMs: asOfMs))
    }

    private func reason(
        _ rule: RiskRuleSet.Compiled, _ covers: [Int], _ view: UserView, _ row: [Float]
    ) -> RiskReason {
        var text = rule.reason(view)
        if let model, let place = covers.first {
            let beside = ReasonWords.beside(Double(row[place]), model.inputs[place])
            if !beside.isEmpty { text += "; " + beside }
        }
        return RiskReason(.rule, rule.rule.name, text, weight: rule.rule.score)
    }

    /// Adds what the model thinks; gives the doubt that it leaves.
    private func add(
        _ model: RiskModel, _ row: [Float], _ covered: Set<Int>, to result: inout RiskAssessment
    ) -> Double {
        result.model = model.label
        let percentile = model.percentile(row)
        result.anomaly = percentile
        let strange = max(0, (percentile - Self.usualShare) / (1 - Self.usualShare))
        var doubt = 1 - strange * thresholds.anomalyWeight
        var covered = covered
        if strange > 0 {
            let parts = model.forest.contributions(row)
            result.reasons += reasons(.anomaly, model, row, parts, &covered)
        }
        guard let labelled = model.labelled else { return doubt }
        let chance = labelled.chance(row)
        result.labelled = chance
        doubt *= 1 - chance
        if chance >= thresholds.review / 2 {
            let parts = labelled.contributions(row, usual: model.forest.medians)
            result.reasons += reasons(.labels, model, row, parts, &covered)
        }
        return doubt
    }

    /// The inputs that raise a score most and that no reason spoke of yet.
    private func reasons(
        _ source: RiskReason.Source, _ model: RiskModel, _ row: [Float], _ parts: [Double],
        _ covered: inout Set<Int>
    ) -> [RiskReason] {
        let told = covered
        let order = parts.indices.filter { parts[$0] > 0.001 && !told.contains($0) }
            .sorted { (parts[$1], $0) < (parts[$0], $1) }
            .prefix(Self.modelReasonsMax)
        covered.formUnion(order)
        return order.map { place in
            let beside = ReasonWords.beside(Double(row[place]), model.inputs[place])
            let text = Self.words(model.names[place], Double(row[place]))
            return RiskReason(
                source, model.names[place], beside.isEmpty ? text : "\(text); \(beside)",
                weight: parts[place])
        }
    }

    private static func words(_ name: String, _ value: Double) -> String {
        guard let input = RiskInputs.all.first(where: { $0.name == name }) else {
            return "\(name) \(ReasonWords.number(value))"
        }
        return (input.isShare ? ReasonWords.percent(value) : ReasonWords.number(value)) + " "
            + input.words
    }
}
