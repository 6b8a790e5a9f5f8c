/// Something about a field that somebody should look at, with a rule where one would help.
package struct Finding: Sendable, Equatable {
    package enum Weight: String, Sendable, CaseIterable { case note, warning }

    package var field: String
    package var kind: RecordKind
    package var weight: Weight
    package var text: String
    package var rule: CleaningRule?

    /// Of a field that no record has.
    package static let nobody = "nobody fills it"
}

extension RecordSurvey {
    /// What is odd, the worst first.
    package var findings: [Finding] {
        var found: [Finding] = []
        for kind in RecordKind.allCases {
            for survey in fields(of: kind) { found += findings(survey) }
        }
        found += repeats
        return found.filter { $0.weight == .warning } + found.filter { $0.weight == .note }
    }

    /// Events that are there more than once; they may all be true.
    private var repeats: [Finding] {
        func finding(_ text: String, _ name: String, _ once: [String], _ withinMs: Int64?)
            -> Finding
        {
            var rule = CleaningRule(name)
            rule.once = once
            rule.withinMs = withinMs
            return Finding(field: "", kind: .event, weight: .note, text: text, rule: rule)
        }
        var found: [Finding] = []
        if repeated > 0 {
            found.append(
                finding(
                    "\(repeated) are there once more, alike in every field", "repeated",
                    RepeatKey.exact, nil))
        }
        if near > 0 {
            found.append(
                finding(
                    "\(near) follow the same of the same user within a second", "double clicks",
                    RepeatKey.about, Self.nearMs))
        }
        return found
    }

    private func findings(_ survey: FieldSurvey) -> [Finding] {
        let name = survey.field.name
        let kind = survey.field.kind
        func finding(
            _ weight: Finding.Weight, _ text: String,
            _ change: ((inout CleaningRule) -> Void)? = nil
        ) -> Finding {
            var rule: CleaningRule?
            if let change {
                var made = CleaningRule("\(kind.rawValue) \(name)")
                made.record = kind
                made.field = name
                change(&made)
                rule = made
            }
            return Finding(field: name, kind: kind, weight: weight, text: text, rule: rule)
        }
        guard survey.known > 0 else { return [finding(.note, Finding.nobody)] }
        var found: [Finding] = []
        if survey.isConstant, survey.records >= 20 {
            let value = survey.field.isNumber ? "\(survey.least)" : survey.top(1)[0].text
            found.append(finding(.note, "always \"\(value)\" where it is there"))
        }
        if survey.field.isNumber {
            found += numbers(survey, finding)
        } else {
            found += texts(survey, finding)
        }
        return found + filling(survey, finding)
    }

    private typealias Make = (Finding.Weight, String, ((inout CleaningRule) -> Void)?) -> Finding

    private func numbers(_ survey: FieldSurvey, _ finding: Make) -> [Finding] {
        var found: [Finding] = []
        if survey.least < 0 {
            found.append(
                finding(.warning, "down to \(survey.least)") {
                    $0.min = 0
                    $0.otherwise = .empty
                })
        }
        let method = choices.outliers
        let share = survey.outlierShare(method)
        if let fences = survey.fences(method), share > 0, share <= 0.05,
            survey.sample.count >= 100
        {
            let low = survey.least < fences.low ? fences.low : nil
            let high = survey.most > fences.high ? fences.high : nil
            found.append(
                finding(
                    .warning,
                    "\(Self.percent(share)) lie far out, up to \(survey.most); usual is "
                        + "\(Self.rounded(fences.low)) to \(Self.rounded(fences.high))"
                ) {
                    $0.min = low.map(Self.rounded)
                    $0.max = high.map(Self.rounded)
                    $0.otherwise = .empty
                })
        }
        return found
    }

    /// What would fill a field that some records lack.
    private func filling(_ survey: FieldSurvey, _ finding: Make) -> [Finding] {
        let name = survey.field.name
        guard survey.coverage < 0.99 else { return [] }
        let missing = "missing in \(Self.percent(1 - survey.coverage))"
        let usual = usual(name)
        if usual.count > 1, let by = grouping(name) {
            return [
                finding(.note, "\(missing), known by \(by)") {
                    $0.fill = survey.usual(choices.fill ?? .median)
                    $0.by = by
                    $0.fills = usual
                }
            ]
        }
        // Of a field that most lack, nobody knows what those would have.
        guard let fill = choices.fill, survey.coverage >= 0.5, Self.isFillable(name) else {
            return []
        }
        let what = survey.field.isNumber ? fill : .mode
        return [
            finding(.note, "\(missing); \(what.rawValue) \(survey.usual(fill))") {
                $0.fill = survey.usual(fill)
            }
        ]
    }

    private func texts(_ survey: FieldSurvey, _ finding: Make) -> [Finding] {
        var found: [Finding] = []
        if !survey.blanks.isEmpty {
            let words = survey.blanks.keys.sorted()
            let count = survey.blanks.values.reduce(0, +)
            found.append(
                finding(
                    .warning,
                    "\(count) records say nothing: "
                        + words.map { "\"\($0)\"" }.joined(separator: ", ")
                ) { $0.missing = words })
        }
        if survey.untidy > 0 {
            found.append(
                finding(.warning, "\(survey.untidy) records have blanks too many") {
                    $0.text = [.collapse]
                })
        }
        let variants = survey.variants
        if !variants.isEmpty, let first = variants.first {
            let count = variants.reduce(0) { $0 + $1.others.count }
            found.append(
                finding(
                    .warning,
                    "\(count) spellings differ in case, width or blanks alone, as "
                        + "\"\(first.others[0])\" for \"\(first.kept)\""
                ) { rule in
                    for variant in variants.prefix(100) {
                        for other in variant.others { rule.values[other] = variant.kept }
                    }
                })
        }
        return found
    }

    private static func percent(_ share: Double) -> String {
        let tenths = (share * 1000).rounded() / 10
        return tenths < 0.1 ? "less than 0.1 %" : "\(tenths) %"
    }

    /// Three digits that mean something.
    private static func rounded(_ value: Double) -> Double {
        guard value != 0, value.isFinite else { return value }
        var scale = 1.0
        while abs(value) * scale < 100 { scale *= 10 }
        while abs(value) * scale >= 1000 { scale /= 10 }
        return (value * scale).rounded() / scale
    }
}
