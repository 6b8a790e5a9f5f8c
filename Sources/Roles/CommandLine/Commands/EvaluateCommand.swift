import Learning
import ModelTraining
import Recommendation
import Runtime

extension CommandLineTool {
    static let evaluateCommand = Command(
        "evaluate", "compare recommenders on a file, without a cluster",
        operands: "FILE...", count: 1...16,
        options: [
            Option("mapping", value: "NAME|FILE", "how columns become fields (default: auto)"),
            Option(
                "protocol", value: "NAME",
                "time-split (default) or leave-last-out, always ranking all items"),
            Option("train-share", value: "SHARE", "rows before the time split (default 0.8)"),
            Option(
                "validation",
                "judge by the last part of what is trained on, to choose options without the rest"),
            Option("limit", value: "ROWS", "read only so many rows of each file"),
            Option("keep-seen", "single models also rank what a user had in training"),
            Option("seed", value: "NUMBER", "of the intervals (default 1)"),
        ],
        example: "limn evaluate ratings.csv.xz --protocol leave-last-out",
        details: """
            Trains popularity, item-to-item and ALS as the configuration of the data folder says,
            the default one where there is no folder, and asks each for what users took next.
            Single models leave out all that a user had; "blend" adds up the last two. "served"
            is the list that the scoring service would give after the same events, without what
            scoring.leaveOut names. The range after recall is a 95 % bootstrap interval over users.
            """
    ) { invocation in
        let run = try EvaluationRun(invocation)
        return try run.perform()
    }
}

/// One comparison of recommenders.
struct EvaluationRun {
    private let invocation: Invocation
    private let isLeaveLastOut: Bool
    private let trainShare: Double
    private let seed: UInt64
    private let pipeline: ServedPipeline

    init(_ invocation: Invocation) throws {
        self.invocation = invocation
        let name = invocation.text("protocol") ?? "time-split"
        guard ["time-split", "leave-last-out"].contains(name) else {
            throw CommandFailure(
                .usage, "there is no protocol \"\(name)\"",
                hint: "time-split or leave-last-out")
        }
        isLeaveLastOut = name == "leave-last-out"
        trainShare = try invocation.decimal("train-share") ?? 0.8
        guard trainShare > 0, trainShare < 1 else {
            throw CommandFailure(.usage, "--train-share must lie between 0 and 1")
        }
        seed = UInt64(try invocation.number("seed", default: 1, in: 0...Int.max))
        pipeline = ServedPipeline(
            try DataFolder(invocation.folder).configuration())
    }

    func perform() throws -> ExitCode {
        var bar = ProgressBar("read", terminal: invocation.terminal)
        var records = try read(&bar)
        bar.finish()
        let way: OfflineSplit.Way = isLeaveLastOut ? .leaveLastOut : .time(share: trainShare)
        var split = OfflineSplit(records, way, pipeline: pipeline)
        guard split.weighted > 0 else {
            throw CommandFailure(.data, "no row tells what a user did with an item")
        }
        if invocation.has("validation") {
            records = records.selecting(split.train)
            split = OfflineSplit(records, way, pipeline: pipeline)
        }
        guard !split.train.isEmpty, split.held.contains(where: { !$0.isEmpty }) else {
            throw CommandFailure(
                .negative, "too few rows: nobody known before the split did anything after it",
                hint: "give more rows, or use --protocol leave-last-out")
        }
        bar = ProgressBar("train", terminal: invocation.terminal)
        let evaluation = try OfflineEvaluation(records, split, pipeline: pipeline)
        let results = evaluation.results(filtersSeen: !invocation.has("keep-seen"))
        bar.finish()
        if invocation.wantsJSON {
            invocation.terminal.print(json(results, records, split))
        } else {
            invocation.terminal.print(heading(records, split))
            invocation.terminal.print(
                table(results).rendered(on: invocation.terminal))
            invocation.terminal.print(note(results, evaluation))
        }
        return .success
    }

    private func read(_ bar: inout ProgressBar) throws -> OfflineRecords {
        var records = OfflineRecords()
        let limit = try invocation.number("limit", default: .max, in: 1...Int.max)
        var errors = RowErrorReport()
        for path in invocation.operands {
            var reader = try RecordReader(path, mappingName: invocation.text("mapping") ?? "auto")
            defer { reader.close() }
            while reader.rows < limit, let row = try reader.next() {
                switch row {
                case .failed(let error): errors.add(error)
                case .record(let record): records.add(record)
                }
                if reader.rows & 0xFFF == 0 {
                    bar.update(reader.rows, unit: "rows", share: reader.share)
                }
            }
        }
        if !invocation.wantsJSON { errors.lines().forEach { invocation.terminal.print($0) } }
        return records
    }

    private func heading(_ records: OfflineRecords, _ split: OfflineSplit) -> String {
        let asked = split.held.count { !$0.isEmpty }
        let how =
            isLeaveLastOut
            ? "last item of each user held out"
            : "trained on the first \(Format.percent(trainShare, 0)) in time"
        return "\(Format.count(split.weighted)) rows, \(Format.count(records.users.count)) users, "
            + "\(Format.count(records.items.count)) items; \(how), "
            + "\(Format.count(asked)) users asked, all items ranked"
    }

    /// What the row "served" leaves out, and what that leaves in.
    private func note(
        _ results: [OfflineEvaluation.Result], _ evaluation: OfflineEvaluation
    ) -> String {
        let leftOut = pipeline.leftOut
        let kinds = [
            (leftOut.purchased, "purchased"), (leftOut.inCart, "in the cart"),
            (leftOut.hidden, "hidden"), (leftOut.rated, "rated lately"),
            (leftOut.viewed, "viewed lately"),
        ].filter(\.0).map(\.1)
        let share = results.last.map { Format.percent($0.knownShare) } ?? ""
        let factors = Format.percent(Double(evaluation.served.weights.factors), 0)
        return """
            served leaves out what was \(kinds.joined(separator: ", "))
            \(share) of what it shows was known to its user; als has \(factors) of the mix
            """
    }

    private func table(_ results: [OfflineEvaluation.Result]) -> Table {
        var table = Table([
            .init("model"), .init("recall@20", .right), .init("95 %", .right),
            .init("NDCG@10", .right), .init("NDCG@20", .right), .init("hit@10", .right),
            .init("MRR@20", .right), .init("MAP@20", .right), .init("coverage", .right),
            .init("trained in", .right),
        ])
        for result in results {
            let report = result.report
            let recall = report.recallInterval(seed: seed)
            let time = result.trainingMs.map { Format.duration(Double($0) / 1000) } ?? ""
            let figures = [
                report.ndcgAt10, report.ndcgAt20, report.hitRateAt10, report.mrrAt20,
                report.mapAt20,
            ]
            let low = Format.decimal(recall.low, 4)
            table.add(
                [
                    report.name, Format.decimal(report.recallAt20, 4),
                    "\(low)–\(Format.decimal(recall.high, 4))",
                ] + figures.map { Format.decimal($0, 4) }
                    + [Format.percent(report.coverageAt20), time])
        }
        return table
    }

    private func json(
        _ results: [OfflineEvaluation.Result], _ records: OfflineRecords, _ split: OfflineSplit
    ) -> JSONValue {
        .object([
            ("protocol", .string(isLeaveLastOut ? "leave-last-out" : "time-split")),
            ("rows", .integer(Int64(split.weighted))),
            ("users", .integer(Int64(records.users.count))),
            ("items", .integer(Int64(records.items.count))),
            ("models", .array(results.map(json))),
        ])
    }

    private func json(_ result: OfflineEvaluation.Result) -> JSONValue {
        let report = result.report
        let recall = report.recallInterval(seed: seed)
        var fields: [(String, JSONValue)] = [
            ("name", .string(report.name)), ("users", .integer(Int64(report.users))),
            ("recall_at_20", .number(report.recallAt20)), ("recall_low", .number(recall.low)),
            ("recall_high", .number(recall.high)), ("ndcg_at_10", .number(report.ndcgAt10)),
            ("ndcg_at_20", .number(report.ndcgAt20)),
            ("hit_rate_at_10", .number(report.hitRateAt10)),
            ("mrr_at_20", .number(report.mrrAt20)), ("map_at_20", .number(report.mapAt20)),
            ("coverage_at_20", .number(report.coverageAt20)),
            ("known_share", .number(result.knownShare)),
        ]
        if let trainingMs = result.trainingMs {
            fields.append(("training_seconds", .number(Double(trainingMs) / 1000)))
        }
        return .object(fields)
    }
}
