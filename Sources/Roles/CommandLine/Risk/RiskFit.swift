import Features
import Learning
import Numerics
import Profiles
import Risk
import RiskRules
import System

extension CommandLineTool {
    /// Fits forest and, with labels, classifier, and writes them into one file.
    static func fitRisk(_ invocation: Invocation) throws -> ExitCode {
        let setup = try RiskSetup(invocation)
        let labels = try invocation.text("labels").map {
            let file = try LabelFile($0, column: invocation.text("label"))
            return try setup.source.byPerson(file.labels, max)
        }
        var options = IsolationForest.Options()
        options.seed = UInt64(try invocation.number("seed", default: 1, in: 0...Int.max))
        let reader = try RiskInputs.reader(setup.rules.tags)
        var rows: [[Float]] = []
        var known: [Float] = []
        try setup.source.forEach { state in
            rows.append(reader.row(of: UserView(state, nowMs: setup.nowMs)))
            if let labels { known.append(labels[state.userID] ?? .nan) }
        }
        guard !rows.isEmpty else {
            invocation.terminal.print(StateSource.nobody)
            return .negative
        }
        let clock = ProgressBar("fit", terminal: invocation.terminal)
        var model: RiskModel
        do throws(RiskFailure) {
            model = try RiskModel.train(
                Matrix(rows), labels: known, asOfMs: setup.nowMs, options: options)
        } catch {
            throw CommandFailure(
                .data, error.description,
                hint: "give more labels, or leave --labels out: the forest needs none")
        }
        let seconds = clock.elapsed
        // A file that cannot be read any more must not keep a new one from being made.
        model.version = ((try? setup.rules.model())?.version ?? 0) + 1
        let bytes = model.safetensors()
        try Files.makeFolder(Files.parent(of: setup.rules.modelFile))
        try Files.writeAtomically(setup.rules.modelFile, bytes)
        let report = FitReport(
            model: model, file: setup.rules.modelFile, bytes: bytes.count, seconds: seconds)
        if invocation.wantsJSON {
            invocation.terminal.print(report.json)
        } else {
            invocation.terminal.print(report.words)
        }
        return .success
    }
}

extension ColumnUse {
    /// Why a column of users is not used.
    var words: String { self == .missing ? "nobody has it" : "all alike" }
}

private struct FitReport {
    let model: RiskModel
    let file: String
    let bytes: Int
    let seconds: Double

    var words: String {
        let unused = model.forest.unused
        var lines = [
            "\(model.label): \(Format.count(model.users)) users, "
                + "\(model.names.count - unused.count) of \(model.names.count) inputs, "
                + "\(model.forest.forest.roots.count) trees, \(Format.duration(seconds))",
            "wrote \(file), \(Format.bytes(bytes))",
        ]
        if !unused.isEmpty {
            let names = unused.map { "\($0.feature) (\($0.why.words))" }
            lines.append("not used: " + names.joined(separator: ", "))
        }
        if let labelled = model.labelled {
            lines.append(
                "labels: \(labelled.yes) of \(labelled.rows) are 1; \(labelled.classifier.name), "
                    + "on users not trained on: ROC AUC \(Format.decimal(labelled.auc, 4)), "
                    + "average precision \(Format.decimal(labelled.averagePrecision, 4))")
        }
        return lines.joined(separator: "\n")
    }

    var json: JSONValue {
        let labelled = model.labelled.map { labelled in
            JSONValue.object([
                ("rows", .integer(Int64(labelled.rows))), ("yes", .integer(Int64(labelled.yes))),
                ("classifier", .string(labelled.classifier.name)),
                ("auc", .number(labelled.auc)),
                ("average_precision", .number(labelled.averagePrecision)),
            ])
        }
        return .object([
            ("version", .integer(Int64(clamping: model.version))),
            ("users", .integer(Int64(model.users))), ("as_of_ms", .integer(model.asOfMs)),
            ("inputs", .array(model.names.map { .string($0) })),
            (
                "unused",
                .object(model.forest.unused.map { ($0.feature, .string($0.why.words)) })
            ),
            ("labels", labelled ?? .null), ("file", .string(file)),
            ("bytes", .integer(Int64(bytes))), ("seconds", .number(seconds)),
        ])
    }
}
