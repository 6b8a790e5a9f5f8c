import Learning
import Numerics

extension CommandLineTool {
    /// The models of risk on a table of somebody's own: the forest, which sees no answer, and the
    /// classifiers, which do, judged on rows that none was trained on.
    static func judgeTable(_ invocation: Invocation) throws -> ExitCode {
        guard invocation.operands.count == 1 else {
            throw CommandFailure(
                .usage, "one FILE is needed", hint: "limn risk table FILE --label NAME")
        }
        let examples = try NumberTable(
            invocation.operands[0],
            limit: try invocation.number("limit", default: .max, in: 1...Int.max)
        ).examples(label: invocation.text("label") ?? "label")
        let cut = examples.count * 4 / 5
        let train = examples.selecting(Array(0..<cut))
        let test = examples.selecting(Array(cut..<examples.count))
        guard test.labels.contains(1), test.labels.contains(0), train.labels.contains(1) else {
            throw CommandFailure(
                .data, "too few rows: the first four fifths and the last fifth need both answers")
        }
        var options = IsolationForest.Options()
        options.seed = UInt64(try invocation.number("seed", default: 1, in: 0...Int.max))
        var clock = ProgressBar("fit", terminal: invocation.terminal)
        let forest = IsolationForest.train(
            train.table, featureNames: train.featureNames, options: options)
        var results = [
            TableResult("isolation_forest", forest.scores(test.table), test, clock.elapsed)
        ]
        clock = ProgressBar("fit", terminal: invocation.terminal)
        let line = LogisticRegression.train(train)
        results.append(
            TableResult(
                "logistic_regression", line.predict(test.table), test, clock.elapsed,
                isChance: true))
        clock = ProgressBar("fit", terminal: invocation.terminal)
        let trees = GradientBoostedTrees.train(train)
        results.append(
            TableResult(
                "gradient_boosted_trees", trees.predict(test.table), test, clock.elapsed,
                isChance: true))
        if invocation.wantsJSON {
            for result in results { invocation.terminal.print(result.json) }
            return .success
        }
        var table = Table([
            .init("model"), .init("ROC AUC", .right), .init("average precision", .right),
            .init("precision@100", .right), .init("precision@1 %", .right),
            .init("log loss", .right), .init("trained in", .right),
        ])
        for result in results { table.add(result.cells) }
        let share = Double(test.labels.reduce(0, +)) / Double(test.count)
        var lines = [
            "\(Format.count(train.count)) rows to learn from, \(Format.count(test.count)) held "
                + "out, of which \(Format.percent(share, 2)) are 1",
            "", table.rendered(on: invocation.terminal),
        ]
        if !forest.unused.isEmpty {
            let names = forest.unused.map {
                "\($0.feature) (\($0.why == .missing ? "always missing" : "all alike"))"
            }
            lines.append("columns without use: " + names.joined(separator: ", "))
        }
        invocation.terminal.print(lines.joined(separator: "\n"))
        return .success
    }
}

/// How one model did.
private struct TableResult {
    private let name: String
    private let auc: Double
    private let averagePrecision: Double
    private let first100: Double
    private let firstHundredth: Double
    /// Nil where the score is no chance.
    private let logLoss: Double?
    private let seconds: Double

    init(
        _ name: String, _ scores: [Double], _ test: Examples, _ seconds: Double,
        isChance: Bool = false
    ) {
        self.name = name
        self.seconds = seconds
        auc = ClassificationMetrics.auc(scores, test.labels)
        averagePrecision = ClassificationMetrics.averagePrecision(scores, test.labels)
        first100 = ClassificationMetrics.precision(scores, test.labels, top: 100)
        firstHundredth = ClassificationMetrics.precision(
            scores, test.labels, top: max(1, test.count / 100))
        logLoss = isChance ? ClassificationMetrics.logLoss(scores, test.labels) : nil
    }

    var cells: [String] {
        [
            name, Format.decimal(auc, 4), Format.decimal(averagePrecision, 4),
            Format.decimal(first100, 3), Format.decimal(firstHundredth, 3),
            logLoss.map { Format.decimal($0, 4) } ?? "", Format.duration(seconds),
        ]
    }

    var json: JSONValue {
        .object(
            [
                ("name", .string(name)), ("auc", .number(auc)),
                ("average_precision", .number(averagePrecision)),
                ("precision@100", .number(first100)),
                ("precision@1%", .number(firstHundredth)), ("train_s", .number(seconds)),
            ] + (logLoss.map { [("log_loss", .number($0))] } ?? []))
    }
}
