import Features
import Learning
import Profiles
import Segments

extension CommandLineTool {
    /// Clusters against groups that are known otherwise.
    static func evaluateSegments(_ invocation: Invocation) throws -> ExitCode {
        guard let path = invocation.text("truth") else {
            throw CommandFailure(
                .usage, "--truth FILE is missing",
                hint: "a CSV of user and group, as limn simulate --truth FILE writes it")
        }
        let truth = try groups(path, column: invocation.text("column"))
        let setup = try SegmentSetup(invocation)
        let scorer = try setup.models.scorer()
        guard let model = scorer.model else {
            throw CommandFailure(
                .negative, "there are no clusters yet", hint: "limn segments fit finds them")
        }
        var found: [ClusterKind: [UInt32]] = [:]
        var known: [ClusterKind: [String]] = [:]
        var judged = 0
        let truths = try setup.source.byPerson(truth.groups) { first, _ in first }
        try setup.forEachView { view in
            guard let group = truths[view.state.userID] else { return }
            judged += 1
            let segments = scorer.segments(of: view)
            for kind in ClusterKind.allCases {
                guard let id = segments.membership(kind)?.id else { continue }
                found[kind, default: []].append(id)
                known[kind, default: []].append(group)
            }
        }
        guard judged > 0 else {
            throw CommandFailure(
                .negative,
                "none of the \(Format.count(truth.groups.count)) users of \(path) has "
                    + "a state", hint: "limn users lists who has")
        }
        var table = Table([
            .init("clusters of"), .init("number", .right), .init("users", .right),
            .init("adjusted Rand index", .right), .init("", .bar),
        ])
        var rows: [JSONValue] = []
        for kind in ClusterKind.allCases {
            guard let ids = found[kind], let groups = known[kind],
                let clusters = model.clusters(kind)
            else { continue }
            let index = AdjustedRandIndex.between(ids, groups)
            table.add([
                kind.rawValue, "\(clusters.clusters.count)", Format.count(ids.count),
                Format.decimal(index, 4), Format.bar(max(index, 0), width: 20),
            ])
            rows.append(
                .object([
                    ("kind", .string(kind.rawValue)),
                    ("clusters", .integer(Int64(clusters.clusters.count))),
                    ("users", .integer(Int64(ids.count))), ("adjusted_rand_index", .number(index)),
                ]))
        }
        let groups = Set(truth.groups.values).count
        if invocation.wantsJSON {
            invocation.terminal.print(
                .object([
                    ("truth", .string(truth.column)), ("groups", .integer(Int64(groups))),
                    ("users", .integer(Int64(judged))), ("model", .string(model.label)),
                    ("kinds", .array(rows)),
                ]))
        } else {
            invocation.terminal.print(
                "\(Format.count(judged)) users in \(groups) groups by \(truth.column); "
                    + "\(model.label)\n\n" + table.rendered(on: invocation.terminal))
        }
        return .success
    }

    private static func groups(
        _ path: String, column: String?
    ) throws(CommandFailure) -> (groups: [String: String], column: String) {
        var file = try HeadedCSV(path)
        defer { file.close() }
        let user = try file.place(of: LabelFile.users, option: "column")
        let place = try file.place(
            of: column.map { [$0] } ?? ["taste", "group", "segment"], option: "column")
        var groups: [String: String] = [:]
        while let (_, cells) = try file.next() {
            if !cells[place].isEmpty { groups[cells[user]] = cells[place] }
        }
        return (groups, file.header[place])
    }
}
