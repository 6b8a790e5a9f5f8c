package import Cleaning
package import Runtime

extension Configuration {
    /// The rules of cleaning, checked.
    package func cleaningPlan() throws(CleaningFailure) -> CleaningPlan {
        var failure: CleaningFailure?
        var rules: [Cleaning.CleaningRule] = []
        for rule in cleaning {
            do throws(CleaningFailure) { rules.append(try rule.compiled()) } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return try CleaningPlan(rules)
    }
}

extension Configuration.CleaningRule {
    fileprivate func compiled() throws(CleaningFailure) -> Cleaning.CleaningRule {
        var compiled = Cleaning.CleaningRule(name)
        compiled.source = source
        compiled.record = RecordKind(rawValue: record.rawValue)
        compiled.field = field
        for word in text {
            guard let step = TextStep(rawValue: word) else {
                let known = TextStep.allCases.map(\.rawValue).joined(separator: ", ")
                throw CleaningFailure(name, "no step \"\(word)\" of text; there are \(known)")
            }
            compiled.text.append(step)
        }
        compiled.missing = missing
        compiled.values = values
        compiled.factor = factor
        compiled.min = min
        compiled.max = max
        compiled.allowed = allowed
        compiled.otherwise =
            Cleaning.CleaningRule.Otherwise(rawValue: otherwise.rawValue) ?? .reject
        compiled.fill = fill
        compiled.by = by
        compiled.fills = fills
        compiled.required = required
        compiled.once = once
        compiled.withinMs = within.map { Int64($0 / .milliseconds(1)) }
        return compiled
    }
}
