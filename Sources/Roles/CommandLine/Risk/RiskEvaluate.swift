import Features
import Learning
import Risk
import RiskRules

extension CommandLineTool {
    /// Precision and recall against who is known to cheat.
    static func evaluateRisk(_ invocation: Invocation) throws -> ExitCode {
        guard let path = invocation.text("truth") else {
            throw CommandFailure(
                .usage, "--truth FILE is missing",
                hint: "a CSV of user and 1 or 0, as limn simulate --truth FILE writes it")
        }
        let truth = try LabelFile(path, column: invocation.text("label"))
        let setup = try RiskSetup(invocation)
        let scorer = try setup.rules.scorer()
        let threshold = try invocation.decimal("threshold") ?? scorer.thresholds.review
        guard threshold > 0, threshold <= 1 else {
            throw CommandFailure(.usage, "--threshold must lie above 0, and at most be 1")
        }
        var scores: [Double] = []
        var labels: [Float] = []
        let known = try setup.source.byPerson(truth.labels, max)
        try setup.forEach(scorer) { state, risk in
            guard let label = known[state.userID] else { return }
            scores.append(risk.score)
            labels.append(label)
        }
        guard !scores.isEmpty else {
            throw CommandFailure(
                .negative,
                "none of the \(Format.count(truth.labels.count)) users of \(path) "
                    + "has a state", hint: "limn users lists who has")
        }
        let result = RiskEvaluation(scores: scores, labels: labels, threshold: threshold)
        let report = EvaluationReport(
            result: result, unseen: known.count - scores.count,
            model: scorer.model?.label ?? "rules alone")
        if invocation.wantsJSON {
            invocation.terminal.print(report.json)
        } else {
            invocation.terminal.print(report.words(on: invocation.terminal))
        }
        return .success
    }
}

private struct EvaluationReport {
    let result: RiskEvaluation
    /// Users of the truth without a state: no event of them was ever seen.
    let unseen: Int
    let model: String

    func words(on terminal: Terminal) -> String {
        let style = terminal.style
        var table = Table([
            .init("score from", .right), .init("flagged", .right), .init("right", .right),
            .init("missed", .right), .init("precision", .right), .init("", .bar),
            .init("recall", .right), .init("", .bar), .init("F1", .right),
        ])
        for row in result.rows {
            let found = row.confusion
            let flagged = found.trueYes + found.falseYes
            table.add([
                Format.decimal(row.threshold), Format.count(flagged), Format.count(found.trueYes),
                Format.count(found.falseNo), flagged == 0 ? "" : Format.decimal(found.precision, 3),
                Format.bar(found.precision, width: 12), Format.decimal(found.recall, 3),
                Format.bar(found.recall, width: 12), Format.decimal(found.f1, 3),
            ])
        }
        let chosen = result.chosen
        let confusion = chosen.confusion
        return [
            "\(Format.count(result.users)) users, \(Format.count(result.fraudsters)) of them cheat"
                + (unseen > 0 ? "; \(Format.count(unseen)) were never seen" : "") + "; \(model)",
            style.bold(
                "from \(Format.decimal(chosen.threshold)): precision "
                    + "\(Format.decimal(confusion.precision, 3)), recall "
                    + "\(Format.decimal(confusion.recall, 3))")
                + "; ROC AUC \(Format.decimal(result.auc, 4)), average precision "
                + "\(Format.decimal(result.averagePrecision, 4)), precision of the first "
                + "\(Format.count(result.fraudsters)): "
                + Format.decimal(result.precision(top: result.fraudsters), 3),
            table.rendered(on: terminal),
        ].joined(separator: "\n\n")
    }

    private func json(_ row: RiskEvaluation.Row) -> JSONValue {
        let found = row.confusion
        return .object([
            ("threshold", .number(row.threshold)), ("precision", .number(found.precision)),
            ("recall", .number(found.recall)), ("f1", .number(found.f1)),
            ("right", .integer(Int64(found.trueYes))), ("wrong", .integer(Int64(found.falseYes))),
            ("missed", .integer(Int64(found.falseNo))),
        ])
    }

    var json: JSONValue {
        .object([
            ("users", .integer(Int64(result.users))),
            ("fraudsters", .integer(Int64(result.fraudsters))),
            ("unseen", .integer(Int64(unseen))), ("model", .string(model)),
            ("auc", .number(result.auc)), ("average_precision", .number(result.averagePrecision)),
            ("chosen", json(result.chosen)), ("rows", .array(result.rows.map(json))),
        ])
    }
}
