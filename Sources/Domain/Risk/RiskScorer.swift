import Expressions
import Learning
package import Profiles

/// Rules and, where one was fitted, a model, ready to be asked of users.
package struct RiskScorer: Sendable {
    package let rules: [RiskRule]
    package let thresholds: RiskThresholds
    package let model: RiskModel?
    private let tags: TagReader
    private let compiled: [Compiled]
    private let inputs: InputReader

    private struct Compiled: Sendable {
        let rule: RiskRule
        let condition: UserReader
        let reason: ReasonText
        /// Places of the model's inputs that the reason speaks of.
        let covers: [Int]
    }

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
        self.tags = tags
        self.model = model
        inputs = try InputReader(model?.expressions ?? [], tags)
        compiled = try Self.compile(rules, tags, inputs)
    }

    private static func compile(
        _ rules: [RiskRule], _ tags: TagReader, _ inputs: InputReader
    ) throws(RiskFailure) -> [Compiled] {
        var compiled: [Compiled] = []
        var failure = RiskFailure()
        for rule in rules {
            let place = "risk.rules.\(rule.name)"
            do throws(RiskFailure) {
                let reason = try ReasonText(rule.reason, tags)
                let covers = reason.values.compactMap { inputs.texts.firstIndex(of: $0.expression) }
                compiled.append(
                    Compiled(
                        rule: rule, condition: try InputReader.condition(rule.when, tags),
                        reason: reason, covers: covers))
            } catch {
                for problem in error.problems {
                    failure.add("\(place).\(problem.place)", problem.message)
                }
            }
        }
        guard failure.isEmpty else { throw failure }
        return compiled
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
        for rule in compiled where tags.value(rule.condition, of: view).isTrue {
            doubt *= 1 - rule.rule.score
            demanded = max(demanded, rule.rule.action)
            covered.formUnion(rule.covers)
            result.reasons.append(reason(rule, view, row))
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

    private func reason(_ rule: Compiled, _ view: UserView, _ row: [Float]) -> RiskReason {
        var text = rule.reason.filled(view, tags)
        if let model, let place = rule.covers.first {
            let beside = Words.beside(Double(row[place]), model.inputs[place])
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
            let beside = Words.beside(Double(row[place]), model.inputs[place])
            let text = Self.words(model.names[place], Double(row[place]))
            return RiskReason(
                source, model.names[place], beside.isEmpty ? text : "\(text); \(beside)",
                weight: parts[place])
        }
    }

    private static func words(_ name: String, _ value: Double) -> String {
        guard let input = RiskInputs.all.first(where: { $0.name == name }) else {
            return "\(name) \(Words.number(value))"
        }
        return (input.isShare ? Words.percent(value) : Words.number(value)) + " " + input.words
    }
}
