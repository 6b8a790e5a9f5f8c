import Features
import Messages
import PlainText
import Profiles
import Segments

extension CommandLineTool {
    /// One cluster, stage or tier: what sets it apart, and some of its users.
    static func showSegment(_ invocation: Invocation) throws -> ExitCode {
        guard let name = invocation.operands.first else {
            throw CommandFailure(
                .usage, "which segment? limn segments show NAME", hint: "limn segments lists them")
        }
        var rest = invocation
        rest.operands.removeFirst()
        let setup = try SegmentSetup(rest)
        let scorer = try setup.models.scorer()
        let segment = try NamedSegment(name, scorer.model)
        let count = try invocation.number("count", default: 10, in: 0...100_000)
        var users = 0
        var members = 0
        var best: [(userID: String, certainty: Double)] = []
        try setup.forEachView { view in
            users += 1
            guard let certainty = segment.certainty(scorer.segments(of: view)) else { return }
            members += 1
            best.append((view.state.userID, certainty))
            if best.count > 2 * count + 1000 { best = SegmentMembers.first(best, count) }
        }
        let found = SegmentMembers(
            segment: segment, users: users, members: members,
            sample: SegmentMembers.first(best, count))
        if invocation.wantsJSON {
            invocation.terminal.print(found.json)
        } else {
            invocation.terminal.print(found.words(on: invocation.terminal))
        }
        return members == 0 ? .negative : .success
    }
}

/// A segment by its name.
private enum NamedSegment {
    case stage(LifeCycle.Stage)
    case tier(RFM.Tier)
    case cluster(ClusterModel, NamedCluster)

    init(_ name: String, _ model: SegmentModel?) throws(CommandFailure) {
        var names: [String] = []
        for stage in LifeCycle.Stage.allCases {
            if stage.rawValue == name { self = .stage(stage); return }
            names.append(stage.rawValue)
        }
        for tier in RFM.Tier.allCases where model?.rfm != nil {
            if tier.rawValue == name { self = .tier(tier); return }
            names.append(tier.rawValue)
        }
        for kind in ClusterKind.allCases {
            guard let clusters = model?.clusters(kind) else { continue }
            for cluster in clusters.clusters {
                if cluster.name == name || "\(kind.rawValue)#\(cluster.id)" == name {
                    self = .cluster(clusters, cluster)
                    return
                }
                names.append(cluster.name)
            }
        }
        let near = Suggestion.nearest(to: name, among: names).map { "did you mean \"\($0)\"? " }
        throw CommandFailure(
            .usage, "no segment is called \"\(name)\"",
            hint: (near ?? "") + "limn segments lists them; a cluster is also taste#3")
    }

    /// How sure it is that a user belongs; nil for others.
    func certainty(_ found: UserSegmentation) -> Double? {
        switch self {
        case .stage(let stage): return found.standing?.stage == stage ? 1 : nil
        case .tier(let tier): return found.rfm?.tier == tier ? 1 : nil
        case .cluster(let model, let cluster):
            let membership = found.membership(model.kind)
            return membership?.id == cluster.id ? membership?.certainty : nil
        }
    }

    var title: String {
        switch self {
        case .stage(let stage): "\(stage.rawValue): \(stage.meaning)"
        case .tier(let tier): tier.rawValue
        case .cluster(let model, let cluster):
            "\(cluster.name)  (\(model.kind.rawValue)#\(cluster.id))"
        }
    }
}

private struct SegmentMembers {
    let segment: NamedSegment
    let users: Int
    let members: Int
    let sample: [(userID: String, certainty: Double)]

    /// The surest first.
    static func first(
        _ members: [(userID: String, certainty: Double)], _ count: Int
    ) -> [(userID: String, certainty: Double)] {
        Array(
            members.sorted { ($1.certainty, $0.userID) < ($0.certainty, $1.userID) }
                .prefix(count))
    }

    func words(on terminal: Terminal) -> String {
        let style = terminal.style
        var parts = [
            style.bold(segment.title)
                + "\n\(Format.count(members)) of \(Format.count(users)) users, "
                + Format.percent(Double(members) / Double(max(users, 1)))
        ]
        if case .cluster(let model, let cluster) = segment {
            var table = Table([
                .init("input"), .init("here", .right), .init("all", .right),
                .init("effect", .right), .init("", .bar),
            ])
            let most = max(cluster.marks.first.map { abs($0.effect) } ?? 1, 0.001)
            for mark in cluster.marks.prefix(15) {
                func shown(_ value: Double) -> String {
                    model.kind == .taste ? Format.percent(value) : Format.decimal(value)
                }
                let bar = Format.bar(abs(mark.effect) / most, width: 20)
                table.add([
                    mark.input, shown(mark.here), shown(mark.everybody),
                    (mark.effect > 0 ? "+" : "") + Format.decimal(mark.effect),
                    mark.effect > 0 ? style.green(bar) : style.red(bar),
                ])
            }
            parts.append(table.rendered(on: terminal))
        }
        if !sample.isEmpty {
            parts.append(
                "users: "
                    + sample.map { member in
                        member.certainty == 1
                            ? member.userID
                            : "\(member.userID) \(Format.percent(member.certainty, 0))"
                    }.joined(separator: ", "))
        }
        return parts.joined(separator: "\n\n")
    }

    var json: JSONValue {
        var marks: [JSONValue] = []
        if case .cluster(_, let cluster) = segment { marks = cluster.marks.map(SegmentOutput.json) }
        return .object([
            ("segment", .string(segment.title)), ("members", .integer(Int64(members))),
            ("users", .integer(Int64(users))), ("marks", .array(marks)),
            (
                "sample",
                .array(
                    sample.map {
                        .object([
                            ("user_id", .string($0.userID)), ("certainty", .number($0.certainty)),
                        ])
                    })
            ),
        ])
    }
}
