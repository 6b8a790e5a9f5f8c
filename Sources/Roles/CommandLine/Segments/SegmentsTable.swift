import Learning
import Numerics

extension CommandLineTool {
    /// Clusters the rows of a table of somebody's own.
    static func clusterTable(_ invocation: Invocation) throws -> ExitCode {
        guard invocation.operands.count == 1 else {
            throw CommandFailure(
                .usage, "one FILE is needed", hint: "limn segments table FILE --columns a,b")
        }
        let table = try NumberTable(
            invocation.operands[0],
            columns: (invocation.text("columns") ?? "").split(separator: ",").map {
                String($0)
            }, limit: try invocation.number("limit", default: .max, in: 1...Int.max),
            hint: "clusters need numbers; say which columns: --columns a,b")
        guard table.table.rows >= 4 else {
            throw CommandFailure(.data, "\(table.table.rows) rows are too few for clusters")
        }
        // Counts and money with a long tail are compared as orders of magnitude.
        let methods = (0..<table.names.count).map { place in
            Skewness.isHeavy(table.table.column(place))
                ? Normaliser.Method.logarithmic : .standard
        }
        let normaliser = Normaliser.fit(table.table, names: table.names, methods: methods)
        guard !normaliser.used.isEmpty else {
            throw CommandFailure(.data, "all rows are alike, or have no value")
        }
        let seen = normaliser.normalised(table.table)
        let wanted = try clusters(invocation)
        let numbers =
            wanted.map { $0...$0 } ?? 2...max(2, min(10, table.table.rows / 2))
        if numbers.upperBound > table.table.rows {
            throw CommandFailure(.data, "\(numbers.upperBound) clusters of fewer rows")
        }
        var bar = ProgressBar("fit", terminal: invocation.terminal)
        let clustering = Clustering.choose(
            seen, method: try method(invocation), numbers: numbers,
            seed: UInt64(try invocation.number("seed", default: 1, in: 0...Int.max))
        ) { bar.update($0, unit: "numbers", share: Double($0) / Double(numbers.count)) }
        bar.finish()
        let report = ClusteredTable(
            table: table, normaliser: normaliser, clustering: clustering,
            owners: clustering.clusters(of: seen), seconds: bar.elapsed)
        if let path = invocation.text("csv") { try report.write(path) }
        if invocation.wantsJSON {
            invocation.terminal.print(report.json)
        } else {
            invocation.terminal.print(report.words(on: invocation.terminal))
        }
        return .success
    }
}

/// Whether a column has a long tail.
private enum Skewness {
    /// The mean of the cubed z-scores is above 2 and no value is below 0.
    static func isHeavy(_ column: [Float]) -> Bool {
        let values = column.filter(\.isFinite).map { Double($0) }
        guard values.count > 2, values.allSatisfy({ $0 >= 0 }) else { return false }
        let spread = Spread(of: values)
        guard spread.deviation > 0 else { return false }
        let cubes = values.reduce(0) { sum, value in
            let score = (value - spread.mean) / spread.deviation
            return sum + score * score * score
        }
        return cubes / Double(values.count) > 2
    }
}

private struct ClusteredTable {
    let table: NumberTable
    let normaliser: Normaliser
    let clustering: Clustering
    let owners: [Int]
    let seconds: Double

    private func mean(_ column: Int, _ cluster: Int) -> Double {
        let values = zip(table.table.column(column), owners)
            .filter { $1 == cluster && $0.isFinite }.map { Double($0.0) }
        return values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
    }

    private var counts: [Int] {
        var counts = [Int](repeating: 0, count: clustering.clusters)
        for owner in owners { counts[owner] += 1 }
        return counts
    }

    func words(on terminal: Terminal) -> String {
        let style = terminal.style
        let columns = normaliser.used
        var shown = Table(
            [.init("#", .right), .init("rows", .right), .init("share", .right), .init("", .bar)]
                + columns.map { .init(table.names[$0], .right) })
        for (cluster, count) in counts.enumerated() {
            let share = Double(count) / Double(owners.count)
            shown.add(
                [
                    "\(cluster)", Format.count(count), Format.percent(share),
                    Format.bar(share, width: 16),
                ] + columns.map { Format.decimal(mean($0, cluster)) })
        }
        let logarithms = normaliser.columns.filter { $0.method == .logarithmic }.map(\.name)
        let unused = normaliser.unused.map(\.name)
        return [
            "\(Format.count(owners.count)) rows, \(columns.count) columns, "
                + "\(Format.duration(seconds))\n" + SegmentOutput.evidence(clustering, style),
            shown.rendered(on: terminal) + "\nmeans of each cluster",
            logarithms.isEmpty ? "" : "as logarithms: " + logarithms.joined(separator: ", "),
            unused.isEmpty ? "" : "without use: " + unused.joined(separator: ", "),
        ].filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    var json: JSONValue {
        .object([
            ("name", .string(clustering.method.rawValue)),
            ("rows", .integer(Int64(owners.count))),
            ("clusters", .integer(Int64(clustering.clusters))),
            ("sizes", .array(counts.map { .integer(Int64($0)) })),
            (
                "silhouette",
                clustering.evidence.first { $0.clusters == clustering.clusters }?.silhouette
                    .map { .number($0) } ?? .null
            ),
            ("fit", fit), ("seconds", .number(seconds)),
            ("evidence", SegmentOutput.json(evidence: clustering)),
            ("unused", .array(normaliser.unused.map { .string($0.name) })),
        ])
    }

    private var fit: JSONValue {
        switch clustering.algorithm {
        case .kmeans(let model): .object([("inertia", .number(model.inertia))])
        case .mixture(let model):
            .object([
                ("log_likelihood", .number(model.logLikelihood)),
                ("bic", .number(model.bic(rows: owners.count))),
            ])
        }
    }

    func write(_ path: String) throws {
        let csv = try CSVFile(path)
        try csv.write(["row", "cluster"])
        for (row, owner) in owners.enumerated() { try csv.write(["\(row + 1)", "\(owner)"]) }
        try csv.close()
    }
}
