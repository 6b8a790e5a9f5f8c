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
        return found.filter { $0.weight == .warning } + found.filter { $0.weight == .note }
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
        return found
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
        let share = survey.outlierShare
        if let fences = survey.fences, share > 0, share <= 0.05, survey.sample.count >= 100 {
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
        let usual = usualPrices
        if survey.field.name == "price", survey.coverage < 0.99, usual.count > 1 {
            let middle = survey.quantiles([0.5]).first ?? 0
            found.append(
                finding(.note, "missing in \(Self.percent(1 - survey.coverage)), known by category")
                {
                    $0.fill = "\(middle)"
                    $0.by = "category"
                    $0.fills = usual.mapValues { "\($0)" }
                })
        }
        return found
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
