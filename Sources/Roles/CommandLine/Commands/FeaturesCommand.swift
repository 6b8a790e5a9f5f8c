import Features
import System

extension CommandLineTool {
    static let featuresCommand = Command(
        "features", "list every feature of users, with coverage and distribution",
        operands: "[FILE...]", count: 0...16,
        options: [
            Option("group", value: "NAME", "one group only: windows, life, rates, rhythm …"),
            Option("find", value: "TEXT", "only features with this in name or meaning"),
            Option("explain", "the meaning of each feature instead of its distribution"),
            Option("values", value: "FILE", "write every user's values to this CSV file"),
            Option("mapping", value: "NAME|FILE", "how columns become fields (default: auto)"),
            Option("limit", value: "ROWS", "read only so many rows of each file"),
        ],
        example: "limn features --group rates",
        details: """
            Reads the committed states beside the running cluster; with files it folds these in
            memory instead, without a cluster. Windows end at the newest event. Known is the share
            of users that have a value at all; a rate without anything to divide by has none. The
            bars show users from the 1st to the 99th percentile.
            """
    ) { invocation in
        let features = try FeatureChoice(invocation).features
        if invocation.has("explain") {
            invocation.terminal.print(FeatureTable.explained(features, invocation))
            return .success
        }
        let source = try StateSource(invocation)
        var report = FeatureReport(features: features, asOfMs: try source.newestMs())
        if let path = invocation.text("values") { try report.open(csv: path) }
        try source.forEach { try report.add($0) }
        try report.close()
        if invocation.wantsJSON {
            invocation.terminal.print(report.json)
            return report.users == 0 ? .negative : .success
        }
        guard report.users > 0 else {
            invocation.terminal.print(StateSource.nobody)
            return .negative
        }
        invocation.terminal.print(FeatureTable.measured(report, invocation))
        return .success
    }
}

/// Which features somebody wants to see, as indices of the catalogue.
struct FeatureChoice {
    let features: [Int]

    init(_ invocation: Invocation) throws(CommandFailure) {
        let all = FeatureCatalogue.features
        var chosen = Array(all.indices)
        if let name = invocation.text("group") {
            guard let group = Feature.Group(rawValue: name) else {
                let groups = Feature.Group.allCases.map(\.rawValue).joined(separator: ", ")
                throw CommandFailure(.usage, "there is no group \"\(name)\"", hint: groups)
            }
            chosen.removeAll { all[$0].group != group }
        }
        if let text = invocation.text("find")?.lowercased() {
            chosen.removeAll {
                !all[$0].name.contains(text) && !all[$0].meaning.lowercased().contains(text)
            }
        }
        guard !chosen.isEmpty else {
            throw CommandFailure(
                .negative, "no feature is like that", hint: "limn features --explain lists all")
        }
        features = chosen
    }
}

/// What is measured of features over users.
struct FeatureReport {
    let features: [Int]
    let asOfMs: Int64
    private(set) var summaries: [FeatureSummary]
    private(set) var users = 0
    private var csv: CSVFile?

    init(features: [Int], asOfMs: Int64) {
        self.features = features
        self.asOfMs = asOfMs
        summaries = Array(repeating: FeatureSummary(), count: features.count)
    }

    mutating func open(csv path: String) throws {
        csv = try CSVFile(path)
        try csv?.write(["user_id"] + features.map { FeatureCatalogue.features[$0].name })
    }

    mutating func add(_ state: UserState) throws {
        users += 1
        let context = FeatureContext(state, asOfMs: asOfMs)
        var cells = csv == nil ? [] : [state.userID]
        for (place, feature) in features.enumerated() {
            let value = FeatureCatalogue.features[feature].value(context)
            summaries[place].add(value)
            if csv != nil { cells.append(value.isNaN ? "" : "\(value)") }
        }
        try csv?.write(cells)
    }

    mutating func close() throws { try csv?.close() }

    static let shares = [0.01, 0.1, 0.5, 0.9, 0.99]

    var json: JSONValue {
        let lines = zip(features, summaries).map { index, summary -> JSONValue in
            let feature = FeatureCatalogue.features[index]
            let quantiles = summary.quantiles(Self.shares)
            func number(_ value: Double) -> JSONValue { value.isFinite ? .number(value) : .null }
            return .object([
                ("name", .string(feature.name)), ("unit", .string(feature.unit.rawValue)),
                ("group", .string(feature.group.rawValue)),
                ("window", .string(feature.window.rawValue)),
                ("meaning", .string(feature.meaning)),
                ("known", .number(summary.coverage.isNaN ? 0 : summary.coverage)),
                ("non_zero", .integer(Int64(summary.nonZero))), ("mean", number(summary.mean)),
                ("min", number(summary.least)), ("max", number(summary.most)),
                ("p01", number(quantiles[0])), ("p10", number(quantiles[1])),
                ("p50", number(quantiles[2])), ("p90", number(quantiles[3])),
                ("p99", number(quantiles[4])),
            ])
        }
        return .object([
            ("users", .integer(Int64(users))), ("as_of_ms", .integer(asOfMs)),
            ("features", .array(lines)),
        ])
    }
}
