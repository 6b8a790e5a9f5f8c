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
        let examples = try NumberTable.read(
            invocation.operands[0], label: invocation.text("label") ?? "label",
            limit: try invocation.number("limit", default: .max, in: 1...Int.max))
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
            "", table.rendered(style: invocation.terminal.style),
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

/// A CSV of numbers with a header and an answer of 0 or 1 in each line.
enum NumberTable {
    /// Empty cells are missing values; the answer is no column of the table.
    static func read(
        _ path: String, label: String, limit: Int = .max
    ) throws(CommandFailure) -> Examples {
        let source = try ByteSource(path)
        defer { source.close() }
        var reader = CSVReader(delimiter: ",") { () throws(CommandFailure) in try source.read() }
        var row = CSVReader.Row()
        guard try reader.next(&row) else { throw CommandFailure(.data, "\(path) is empty") }
        let header = row.texts
        guard let answer = header.firstIndex(of: label) else {
            throw CommandFailure(
                .data, "\(path) has no column \(label)",
                hint: "--label NAME names it: \(header.joined(separator: ", "))")
        }
        var cells: [Float] = []
        var labels: [Float] = []
        while labels.count < limit, try reader.next(&row) {
            guard row.count == header.count else {
                throw CommandFailure(
                    .data,
                    "\(path):\(row.line): \(row.count) columns, the header has "
                        + "\(header.count)")
            }
            for (place, text) in row.texts.enumerated() {
                let value = text.isEmpty && place != answer ? Float.nan : Float(text)
                guard let value, place != answer || value == 0 || value == 1 else {
                    throw CommandFailure(
                        .data, "\(path):\(row.line): \(header[place]) is \"\(text)\"",
                        hint: place == answer ? "the answer is 0 or 1" : "a table has numbers only")
                }
                if place == answer { labels.append(value) } else { cells.append(value) }
            }
        }
        return Examples(
            featureNames: header.indices.filter { $0 != answer }.map { header[$0] },
            table: Matrix(rows: labels.count, columns: header.count - 1, elements: cells),
            labels: labels)
    }
}
