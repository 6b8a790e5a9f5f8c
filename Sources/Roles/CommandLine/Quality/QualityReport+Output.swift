import Cleaning
import Messages

extension QualityReport {
    func words(on terminal: Terminal, all: Bool) -> String {
        let style = terminal.style
        guard survey.records > 0 else {
            return (["\(title): no record to look at"] + refusedWords).joined(separator: "\n")
        }
        var parts = [head]
        for kind in RecordKind.allCases {
            let fields = survey.fields(of: kind).filter { all || $0.known > 0 }
            guard !fields.isEmpty else { continue }
            parts.append(
                style.bold("\(kind.rawValue)s") + "\n" + table(fields).rendered(on: terminal))
        }
        let findings = survey.findings.filter { all || $0.text != Finding.nobody }
        if !findings.isEmpty {
            var table = Table([
                .init(""), .init("field"), .init("what is odd", widthMax: 110), .init(""),
            ])
            for finding in findings {
                table.add([
                    finding.weight == .warning ? style.yellow("!") : style.dim("·"),
                    "\(finding.kind.rawValue) \(finding.field)", finding.text,
                    finding.rule == nil ? "" : style.dim("--rules"),
                ])
            }
            parts.append(table.rendered(on: terminal))
        }
        if !decisions.isEmpty {
            var table = Table([
                .init("rule of cleaning"), .init("source"), .init("decision"),
                .init("records", .right),
            ])
            for entry in decisions {
                table.add([
                    entry.rule, entry.source, entry.decision, Format.count(entry.count),
                ])
            }
            parts.append(table.rendered(on: terminal))
        }
        parts += refusedWords + notes
        return parts.joined(separator: "\n\n")
    }

    private var head: String {
        var lines = [title]
        let kinds = RecordKind.allCases.compactMap { kind in
            survey.kinds[kind].map { "\(Format.count($0)) \(kind.rawValue)s" }
        }
        lines.append(kinds.joined(separator: ", "))
        if survey.firstMs <= survey.lastMs {
            lines.append(
                "events from \(Format.time(survey.firstMs)) to \(Format.time(survey.lastMs)) UTC: "
                    + survey.types.sorted { $0.value > $1.value }
                    .map { "\($0.key.name) \(Format.count($0.value))" }.joined(separator: ", "))
        }
        if survey.repeated > 0 || survey.near > 0 {
            lines.append(
                "\(Format.count(survey.repeated)) events are there once more; "
                    + "\(Format.count(survey.near)) follow the same of the same user within a "
                    + "second")
        }
        return lines.joined(separator: "\n")
    }

    private var refusedWords: [String] {
        refused.isEmpty
            ? []
            : [
                "refused: "
                    + refused.map { "\($0.code) \(Format.count($0.count))" }
                    .joined(separator: ", ")
            ]
    }

    private func table(_ fields: [FieldSurvey]) -> Table {
        var table = Table([
            .init("field"), .init("known", .right), .init("", .bar), .init("different", .right),
            .init("least", .right), .init("median", .right), .init("most", .right),
            .init("commonest", widthMax: 60),
        ])
        for field in fields {
            let isNumber = field.field.isNumber && field.known > 0
            let median = isNumber ? field.quantiles([0.5]).first : nil
            table.add([
                field.field.name, Format.percent(field.coverage),
                Format.bar(field.coverage, width: 12),
                field.field.isNumber
                    ? ""
                    : field.distinct.map { Format.count($0) }
                        ?? "\(Format.count(FieldSurvey.spellingsMax))+",
                isNumber ? Format.decimal(field.least) : "",
                median.map { Format.decimal($0) } ?? "",
                isNumber ? Format.decimal(field.most) : "", commonest(field),
            ])
        }
        return table
    }

    /// Nothing where each is different.
    private func commonest(_ field: FieldSurvey) -> String {
        let top = field.field.isNumber ? [] : field.top(3)
        guard let first = top.first, first.count > 1 else { return "" }
        return top.map { entry in
            "\(entry.text) \(Format.percent(Double(entry.count) / Double(field.known), 0))"
        }.joined(separator: ", ")
    }

    /// Rules that would help, as a part of limn.json5. Several for one field become several rules.
    var rules: String {
        var names: [String: Int] = [:]
        let lines = survey.findings.compactMap { finding -> String? in
            guard let rule = finding.rule else { return nil }
            names[rule.name, default: 0] += 1
            let number = names[rule.name] ?? 1
            let name = number == 1 ? rule.name : "\(rule.name) \(number)"
            return "  // \(finding.text)\n  \(Self.quoted(name)): \(Self.json5(rule)),"
        }
        return lines.isEmpty
            ? "nothing that a rule would help"
            : "cleaning: {\n" + lines.joined(separator: "\n") + "\n}"
    }

    private static func quoted(_ text: String) -> String { JSONValue.string(text).rendered() }

    private static func json5(_ rule: CleaningRule) -> String {
        var parts: [(String, String)] = []
        if !rule.once.isEmpty {
            parts.append(("once", quoted(rule.once.joined(separator: " "))))
            if let within = rule.withinMs { parts.append(("within", quoted("\(within) ms"))) }
            return "{ " + parts.map { "\($0.0): \($0.1)" }.joined(separator: ", ") + " }"
        }
        if let record = rule.record { parts.append(("record", quoted(record.rawValue))) }
        parts.append(("field", quoted(rule.field)))
        if !rule.text.isEmpty {
            parts.append(("text", quoted(rule.text.map(\.rawValue).joined(separator: " "))))
        }
        if !rule.missing.isEmpty {
            parts.append(("missing", JSONValue.array(rule.missing.map { .string($0) }).rendered()))
        }
        func object(_ pairs: [String: String]) -> String {
            "{ "
                + pairs.sorted { $0.key < $1.key }
                .map { "\(quoted($0.key)): \(quoted($0.value))" }.joined(separator: ", ") + " }"
        }
        if !rule.values.isEmpty { parts.append(("values", object(rule.values))) }
        if let min = rule.min { parts.append(("min", "\(min)")) }
        if let max = rule.max { parts.append(("max", "\(max)")) }
        if rule.min != nil || rule.max != nil {
            parts.append(("otherwise", quoted(rule.otherwise.rawValue)))
        }
        if !rule.fill.isEmpty { parts.append(("fill", quoted(rule.fill))) }
        if !rule.by.isEmpty {
            parts.append(("by", quoted(rule.by)))
            parts.append(("fills", object(rule.fills)))
        }
        return "{ " + parts.map { "\($0.0): \($0.1)" }.joined(separator: ", ") + " }"
    }

    var json: JSONValue {
        func number(_ value: Double?) -> JSONValue {
            value.map { $0.isFinite ? .number($0) : .null } ?? .null
        }
        let fields = RecordKind.allCases.flatMap { survey.fields(of: $0) }
        return .object([
            ("records", .integer(Int64(survey.records))),
            (
                "kinds",
                .object(
                    RecordKind.allCases.map {
                        ($0.rawValue, .integer(Int64(survey.kinds[$0] ?? 0)))
                    })
            ),
            ("repeated", .integer(Int64(survey.repeated))),
            ("near", .integer(Int64(survey.near))),
            (
                "fields",
                .array(
                    fields.map { field in
                        let isNumber = field.field.isNumber
                        return .object([
                            ("record", .string(field.field.kind.rawValue)),
                            ("field", .string(field.field.name)),
                            ("records", .integer(Int64(field.records))),
                            ("missing", .integer(Int64(field.missing))),
                            (
                                "distinct",
                                isNumber
                                    ? .null
                                    : field.distinct.map { .integer(Int64($0)) } ?? .null
                            ),
                            ("least", isNumber ? number(field.least) : .null),
                            ("mean", isNumber ? number(field.mean) : .null),
                            ("median", number(field.quantiles([0.5]).first)),
                            ("most", isNumber ? number(field.most) : .null),
                            (
                                "outliers",
                                isNumber
                                    ? .number(
                                        field.outlierShare(survey.choices.outliers)) : .null
                            ),
                        ])
                    })
            ),
            (
                "findings",
                .array(
                    survey.findings.map {
                        .object([
                            ("record", .string($0.kind.rawValue)), ("field", .string($0.field)),
                            ("weight", .string($0.weight.rawValue)), ("text", .string($0.text)),
                            ("has_rule", .bool($0.rule != nil)),
                        ])
                    })
            ),
            (
                "decisions",
                .array(
                    decisions.map {
                        .object([
                            ("rule", .string($0.rule)), ("source", .string($0.source)),
                            ("decision", .string($0.decision)),
                            ("records", .integer(Int64($0.count))),
                        ])
                    })
            ),
            ("refused", .object(refused.map { ($0.code, .integer(Int64($0.count))) })),
            ("notes", .array(notes.map { .string($0) })),
        ])
    }
}
