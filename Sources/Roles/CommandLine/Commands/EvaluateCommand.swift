import Learning
import Messages
import Recommendation

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
            Option("factors", value: "NUMBER", "factors of ALS (default 64)"),
            Option("limit", value: "ROWS", "read only so many rows of each file"),
            Option("keep-seen", "also rank what a user had in training"),
            Option("seed", value: "NUMBER", "of ALS and of the intervals (default 1)"),
        ],
        example: "limn evaluate ratings.csv.xz --protocol leave-last-out",
        details: """
            Trains popularity, item-to-item and ALS on the same rows and asks each for what
            users took next. "blend" adds up the last two; "served" is the list that the scoring
            service would give. The range after recall is a 95 % bootstrap interval over users.
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
    private let factors: Int

    init(_ invocation: Invocation) throws(CommandFailure) {
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
        factors = try invocation.number("factors", default: 64, in: 1...512)
    }

    func perform() throws -> ExitCode {
        var bar = ProgressBar("read", terminal: invocation.terminal)
        let (data, categories) = try read(&bar)
        bar.finish()
        guard data.count > 0 else {
            throw CommandFailure(.data, "no row tells what a user did with an item")
        }
        let split =
            isLeaveLastOut
            ? data.leaveLastOut()
            : data.split(before: data.time(atQuantile: trainShare))
        guard split.train.count > 0, split.held.contains(where: { !$0.isEmpty }) else {
            throw CommandFailure(
                .negative, "too few rows: nobody known before the split did anything after it",
                hint: "give more rows, or use --protocol leave-last-out")
        }
        let results = measure(split, categories)
        if invocation.wantsJSON {
            invocation.terminal.print(json(results, data, split))
        } else {
            invocation.terminal.print(heading(data, split))
            invocation.terminal.print(
                table(results).rendered(on: invocation.terminal))
        }
        return .success
    }

    /// The interactions of the files, and the category of each item that has one.
    private func read(
        _ bar: inout ProgressBar
    ) throws -> (data: Interactions, categories: [String: String]) {
        var data = Interactions()
        var categories: [String: String] = [:]
        let limit = try invocation.number("limit", default: .max, in: 1...Int.max)
        var errors = RowErrorReport()
        for path in invocation.operands {
            var reader = try RecordReader(path, mappingName: invocation.text("mapping") ?? "auto")
            defer { reader.close() }
            while reader.rows < limit, let row = try reader.next() {
                switch row {
                case .failed(let error): errors.add(error)
                case .record(let record):
                    if case .item(let item)? = record.content, !item.category.isEmpty {
                        categories[item.itemID] = item.category
                    }
                    guard case .event(let event)? = record.content, !event.itemID.isEmpty,
                        let weight = Self.weight(event.type)
                    else { continue }
                    if !event.category.isEmpty { categories[event.itemID] = event.category }
                    data.append(
                        user: event.userID, item: event.itemID, weight: weight,
                        timeMs: event.timeMs)
                }
                if reader.rows & 0xFFF == 0 {
                    bar.update(reader.rows, unit: "rows", share: reader.share)
                }
            }
        }
        if !invocation.wantsJSON { errors.lines().forEach { invocation.terminal.print($0) } }
        return (data, categories)
    }

    /// How strongly an event speaks for its item; nil if it does not.
    static func weight(_ type: EventType) -> Float? {
        switch type {
        case .view, .click, .rating, .review: 1
        case .favourite, .share: 3
        case .cartAdd: 4
        case .purchase: 5
        default: nil
        }
    }

    struct Result {
        var report: RankingReport
        var recall: Interval
        var seconds: Double
    }

    private func measure(_ split: Split, _ categories: [String: String]) -> [Result] {
        var evaluation = RankingEvaluation(split)
        evaluation.filtersSeen = !invocation.has("keep-seen")
        var results: [Result] = []
        func add(_ name: String, _ train: () -> any Recommender) {
            let bar = ProgressBar(name, terminal: invocation.terminal)
            let model = train()
            let seconds = bar.elapsed
            let report = evaluation.report(model, name: name)
            results.append(
                Result(
                    report: report, recall: report.recallInterval(seed: seed),
                    seconds: seconds))
        }
        var options = ALSModel.Options()
        options.factors = factors
        options.seed = seed
        let (numbers, names) = Self.number(categories, of: split.train)
        add("popularity") { PopularityModel.train(split.train) }
        var itemToItem: ItemToItemModel?
        var als: ALSModel?
        add("item-to-item") {
            let model = ItemToItemModel.train(split.train, categories: numbers)
            itemToItem = model
            return model
        }
        add("als") {
            let model = ALSModel.train(split.train, options: options)
            als = model
            return model
        }
        if let itemToItem, let als {
            let shares = BlendModel.shares
            add("blend") { BlendModel([(itemToItem, shares.itemToItem), (als, shares.als)]) }
            add("served") {
                ModelSet(
                    popularity: .train(
                        split.train, halfLifeMs: PopularityModel.servedHalfLifeMs,
                        categories: numbers),
                    categories: names, neighbours: itemToItem, factors: als)
            }
        }
        return results
    }

    /// A number per category for each item of the training part, -1 where it is not known, and the
    /// categories by number; empty if none is known.
    static func number(
        _ categories: [String: String], of data: Interactions
    ) -> (numbers: [Int32], names: [String]) {
        guard !categories.isEmpty else { return ([], []) }
        var known = Vocabulary()
        let numbers = data.itemNames.names.map { name in
            categories[name].map { known.number(adding: $0) } ?? -1
        }
        return (numbers, known.names)
    }

    private func heading(_ data: Interactions, _ split: Split) -> String {
        let asked = split.held.count { !$0.isEmpty }
        let how =
            isLeaveLastOut
            ? "last item of each user held out"
            : "trained on the first \(Format.percent(trainShare, 0)) in time"
        return "\(Format.count(data.count)) rows, \(Format.count(data.userCount)) users, "
            + "\(Format.count(data.itemCount)) items; \(how), "
            + "\(Format.count(asked)) users asked, all items ranked"
    }

    private func table(_ results: [Result]) -> Table {
        var table = Table([
            .init("model"), .init("recall@20", .right), .init("95 %", .right),
            .init("NDCG@10", .right), .init("NDCG@20", .right), .init("hit@10", .right),
            .init("MRR@20", .right), .init("MAP@20", .right), .init("coverage", .right),
            .init("trained in", .right),
        ])
        for result in results {
            let report = result.report
            let figures = [
                report.ndcgAt10, report.ndcgAt20, report.hitRateAt10, report.mrrAt20,
                report.mapAt20,
            ]
            let low = Format.decimal(result.recall.low, 4)
            table.add(
                [
                    report.name, Format.decimal(report.recallAt20, 4),
                    "\(low)–\(Format.decimal(result.recall.high, 4))",
                ] + figures.map { Format.decimal($0, 4) }
                    + [Format.percent(report.coverageAt20), Format.duration(result.seconds)])
        }
        return table
    }

    private func json(_ results: [Result], _ data: Interactions, _ split: Split) -> JSONValue {
        .object([
            ("protocol", .string(isLeaveLastOut ? "leave-last-out" : "time-split")),
            ("rows", .integer(Int64(data.count))), ("users", .integer(Int64(data.userCount))),
            ("items", .integer(Int64(data.itemCount))),
            (
                "models",
                .array(
                    results.map { result in
                        .object([
                            ("name", .string(result.report.name)),
                            ("users", .integer(Int64(result.report.users))),
                            ("recall_at_20", .number(result.report.recallAt20)),
                            ("recall_low", .number(result.recall.low)),
                            ("recall_high", .number(result.recall.high)),
                            ("ndcg_at_10", .number(result.report.ndcgAt10)),
                            ("ndcg_at_20", .number(result.report.ndcgAt20)),
                            ("hit_rate_at_10", .number(result.report.hitRateAt10)),
                            ("mrr_at_20", .number(result.report.mrrAt20)),
                            ("map_at_20", .number(result.report.mapAt20)),
                            ("coverage_at_20", .number(result.report.coverageAt20)),
                            ("training_seconds", .number(result.seconds)),
                        ])
                    })
            ),
        ])
    }
}
