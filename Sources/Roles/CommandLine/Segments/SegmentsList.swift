import Features
import Messages
import Profiles
import Segments

extension CommandLineTool {
    /// How many users each segment has.
    static func listSegments(_ invocation: Invocation) throws -> ExitCode {
        let setup = try SegmentSetup(invocation)
        let scorer = try setup.models.scorer()
        var census = SegmentCensus(scorer.model, nowMs: setup.nowMs)
        let csv = try invocation.text("csv").map { path throws(CommandFailure) in
            try CSVFile(path)
        }
        try csv?.write([
            "user_id", "stage", "rfm", "recency", "frequency", "monetary", "behaviour", "taste",
        ])
        var bar = ProgressBar("segments", terminal: invocation.terminal)
        try setup.forEachView { view in
            let found = scorer.segments(of: view)
            census.add(found)
            bar.update(census.users, unit: "users", share: nil)
            let rfm = found.rfm
            try csv?.write([
                view.state.userID, found.standing?.stage.rawValue ?? "",
                rfm?.tier.rawValue ?? "", rfm.map { "\($0.recency)" } ?? "",
                rfm.map { "\($0.frequency)" } ?? "",
                rfm.map { $0.monetary == 0 ? "" : "\($0.monetary)" } ?? "",
                found.behaviour?.name ?? "", found.taste?.name ?? "",
            ])
        }
        bar.finish()
        try csv?.close()
        if invocation.wantsJSON {
            invocation.terminal.print(census.json)
        } else if census.users == 0 {
            invocation.terminal.print(StateSource.nobody)
        } else {
            invocation.terminal.print(census.words(on: invocation.terminal))
        }
        return census.users == 0 ? .negative : .success
    }
}

/// Users counted by segment while they pass.
private struct SegmentCensus {
    private let model: SegmentModel?
    private let nowMs: Int64
    private(set) var users = 0
    private var stages: [LifeCycle.Stage: Int] = [:]
    private var tiers: [RFM.Tier: Int] = [:]
    /// By recency and value, 1 to 5 each.
    private var grid = Array(repeating: [Int](repeating: 0, count: 6), count: 6)
    private var buyers = 0
    private var members: [ClusterKind: [UInt32: Int]] = [:]

    init(_ model: SegmentModel?, nowMs: Int64) {
        self.model = model
        self.nowMs = nowMs
    }

    mutating func add(_ found: UserSegmentation) {
        users += 1
        if let stage = found.standing?.stage { stages[stage, default: 0] += 1 }
        if let rfm = found.rfm {
            buyers += 1
            tiers[rfm.tier, default: 0] += 1
            grid[rfm.recency][rfm.value] += 1
        }
        for kind in ClusterKind.allCases {
            if let id = found.membership(kind)?.id {
                members[kind, default: [:]][id, default: 0] += 1
            }
        }
    }

    private func counts(_ clusters: ClusterModel) -> [Int] {
        clusters.clusters.map { members[clusters.kind]?[$0.id] ?? 0 }
    }

    func words(on terminal: Terminal) -> String {
        let style = terminal.style
        let fitted = model?.label ?? "nothing fitted; limn segments fit finds fifths and clusters"
        var parts = [
            "\(Format.count(users)) users, windows end at \(Format.time(nowMs)), \(fitted)",
            lifeCycle(on: terminal),
        ]
        if model?.rfm != nil { parts += [picture(style), tierTable(on: terminal)] }
        for kind in ClusterKind.allCases {
            guard let clusters = model?.clusters(kind) else { continue }
            let counts = counts(clusters)
            let others = users - counts.reduce(0, +)
            parts.append(
                SegmentOutput.table(clusters, counts: counts, on: terminal)
                    + (others == 0 ? "" : "\n\(Format.count(others)) users in none"))
        }
        return parts.joined(separator: "\n\n")
    }

    private func lifeCycle(on terminal: Terminal) -> String {
        var table = Table([
            .init("stage"), .init("users", .right), .init("share", .right), .init("", .bar),
            .init(""),
        ])
        for stage in LifeCycle.Stage.allCases {
            let count = stages[stage] ?? 0
            let share = Double(count) / Double(users)
            table.add([
                stage.rawValue, Format.count(count), Format.percent(share),
                Format.bar(share, width: 30), terminal.style.dim(stage.meaning),
            ])
        }
        return table.rendered(on: terminal)
    }

    /// Recency against value; the darker, the more users.
    private func picture(_ style: Style) -> String {
        let most = Double(max(grid.flatMap { $0 }.max() ?? 1, 1))
        let shades = Array(" ░▒▓█")
        var lines = [style.bold("value (orders and money) →")]
        for recency in stride(from: 5, through: 1, by: -1) {
            let cells = (1...5).map { value -> String in
                let count = grid[recency][value]
                let shade = shades[count == 0 ? 0 : 1 + Int(Double(count) / most * 3.999)]
                return String(repeating: shade, count: 3)
                    + String(repeating: " ", count: max(0, 7 - Format.count(count).count))
                    + Format.count(count)
            }
            let label = recency == 5 ? "bought lately " : recency == 1 ? "long ago      " : ""
            lines.append(label.padded(to: 14) + "\(recency) " + cells.joined(separator: "  "))
        }
        lines.append(
            String(repeating: " ", count: 16)
                + (1...5).map { "\($0)".padded(to: 12) }.joined())
        return lines.joined(separator: "\n")
    }

    private func tierTable(on terminal: Terminal) -> String {
        var table = Table([
            .init("rfm"), .init("users", .right), .init("of buyers", .right), .init("", .bar),
        ])
        for tier in RFM.Tier.allCases {
            let count = tiers[tier] ?? 0
            let share = Double(count) / Double(max(buyers, 1))
            table.add([
                tier.rawValue, Format.count(count), Format.percent(share),
                Format.bar(share, width: 30),
            ])
        }
        return table.rendered(on: terminal)
    }

    var json: JSONValue {
        .object([
            ("users", .integer(Int64(users))), ("as_of_ms", .integer(nowMs)),
            ("model", model.map { .string($0.label) } ?? .null),
            (
                "stages",
                .object(
                    LifeCycle.Stage.allCases.map {
                        ($0.rawValue, .integer(Int64(stages[$0] ?? 0)))
                    })
            ),
            (
                "rfm",
                model?.rfm == nil
                    ? .null
                    : .object(
                        RFM.Tier.allCases.map { ($0.rawValue, .integer(Int64(tiers[$0] ?? 0))) })
            ),
            (
                "clusters",
                .array(
                    ClusterKind.allCases.compactMap { kind in
                        model?.clusters(kind).map {
                            SegmentOutput.json($0, counts: counts($0))
                        }
                    })
            ),
        ])
    }
}
