import Learning
import Messages
import Segments

/// Segments for people and machines.
enum SegmentOutput {
    /// One user's, as lines of the profile.
    static func lines(_ segments: UserSegments, _ style: Style) -> [String] {
        let stage =
            segments.stage.isEmpty
            ? "unknown"
            : style.bold(segments.stage)
                + style.dim(" since \(Format.time(segments.stageSinceMs).prefix(10))")
        var lines = ["  " + "life cycle".padded(to: 12) + stage]
        let scores = [
            ("recency", segments.recency), ("frequency", segments.frequency),
            ("money", segments.monetary),
        ]
        if segments.rfm.isEmpty {
            let why = segments.model.isEmpty ? "limn segments fit makes it" : "never bought"
            lines.append("  " + "rfm".padded(to: 12) + "unknown" + style.dim(": \(why)"))
        } else {
            let bars = scores.filter { $0.1 > 0 }.map { name, score in
                "\(name) \(String(repeating: "●", count: Int(min(score, 5))))"
                    + style.dim(String(repeating: "○", count: 5 - Int(min(score, 5))))
            }
            lines.append(
                "  " + "rfm".padded(to: 12) + style.bold(segments.rfm) + "  "
                    + bars.joined(separator: "  "))
        }
        for kind in ClusterKind.allCases {
            guard let cluster = segments.clusters.first(where: { $0.kind == kind.rawValue }) else {
                lines.append("  " + kind.rawValue.padded(to: 12) + "unknown")
                continue
            }
            lines.append(
                "  " + kind.rawValue.padded(to: 12) + style.bold(cluster.name)
                    + style.dim("  #\(cluster.id), \(Format.percent(cluster.certainty, 0)) certain")
            )
        }
        return lines
    }

    static func json(_ segments: UserSegments) -> JSONValue {
        func score(_ value: UInt32) -> JSONValue { value == 0 ? .null : .integer(Int64(value)) }
        return .object([
            ("stage", segments.stage.isEmpty ? .null : .string(segments.stage)),
            ("stage_since_ms", .integer(segments.stageSinceMs)),
            ("rfm", segments.rfm.isEmpty ? .null : .string(segments.rfm)),
            ("recency", score(segments.recency)), ("frequency", score(segments.frequency)),
            ("monetary", score(segments.monetary)),
            (
                "clusters",
                .array(
                    segments.clusters.map {
                        .object([
                            ("kind", .string($0.kind)), ("id", .integer(Int64($0.id))),
                            ("name", .string($0.name)), ("certainty", .number($0.certainty)),
                        ])
                    })
            ),
            ("model", .string(segments.model)), ("as_of_ms", .integer(segments.asOfMs)),
        ])
    }

    /// What spoke for the number of clusters: a column of height per number tried.
    static func evidence(_ clustering: Clustering, _ style: Style) -> String {
        let method = clustering.method == .kmeans ? "k-means" : "Gaussian mixture"
        let head = "\(clustering.clusters) clusters by \(method)"
        let tried = clustering.evidence
        guard tried.count > 1, let first = tried.first, let last = tried.last else { return head }
        let isMixture = clustering.method == .mixture
        let values = tried.map { isMixture ? -($0.bic ?? 0) : $0.silhouette ?? 0 }
        let low = values.min() ?? 0
        let high = values.max() ?? 1
        let steps = Array("▁▂▃▄▅▆▇█")
        let drawn = String(
            values.map { value in
                steps[high > low ? Int((value - low) / (high - low) * 7) : 0]
            })
        let best = tried.first { $0.clusters == clustering.clusters }
        let figure =
            isMixture
            ? "BIC \(Format.decimal(best?.bic ?? 0, 0))"
            : "silhouette \(Format.decimal(best?.silhouette ?? 0, 3))"
        return head + ", \(figure)"
            + style.dim("  \(first.clusters) \(drawn) \(last.clusters)")
    }

    /// Clusters with their sizes and what sets them apart.
    static func table(
        _ model: ClusterModel, counts: [Int], on terminal: Terminal,
        became: [UInt32: String]? = nil
    ) -> String {
        let total = Double(max(counts.reduce(0, +), 1))
        var table = Table(
            [
                .init("#", .right), .init(model.kind.rawValue, widthMax: 44),
                .init("users", .right), .init("share", .right), .init("", .bar),
                .init("set apart by", widthMax: 70),
            ] + (became == nil ? [] : [.init("")]))
        let order = counts.indices.sorted { (counts[$1], $0) < (counts[$0], $1) }
        for place in order {
            let cluster = model.clusters[place]
            let share = Double(counts[place]) / total
            table.add(
                [
                    "\(cluster.id)", cluster.name, Format.count(counts[place]),
                    Format.percent(share), Format.bar(share, width: 20),
                    cluster.marks.prefix(3).map { mark($0, model.kind) }.joined(separator: ", "),
                ] + (became.map { [$0[cluster.id] ?? ""] } ?? []))
        }
        return table.rendered(on: terminal)
    }

    static func mark(_ mark: NamedCluster.Mark, _ kind: ClusterKind) -> String {
        switch kind {
        case .taste:
            "\(mark.input) \(Format.percent(mark.here, 0)) "
                + "(all \(Format.percent(mark.everybody, 0)))"
        case .behaviour:
            "\(mark.input) \(Format.decimal(mark.here)) (all \(Format.decimal(mark.everybody)))"
        }
    }

    static func json(
        _ model: ClusterModel, counts: [Int], continuity: Continuity? = nil
    ) -> JSONValue {
        let kept = Set(continuity?.kept.map(\.cluster.id) ?? [])
        return .object([
            ("kind", .string(model.kind.rawValue)),
            ("method", .string(model.clustering.method.rawValue)),
            ("evidence", json(evidence: model.clustering)),
            (
                "clusters",
                .array(
                    model.clusters.enumerated().map { place, cluster in
                        .object(
                            [
                                ("id", .integer(Int64(cluster.id))),
                                ("name", .string(cluster.name)),
                                ("users", .integer(Int64(counts[place]))),
                                ("marks", .array(cluster.marks.map(json))),
                            ]
                                + (continuity == nil
                                    ? [] : [("kept", .bool(kept.contains(cluster.id)))]))
                    })
            ),
            (
                "gone",
                .array((continuity?.gone ?? []).map { .string($0.name) })
            ),
        ])
    }

    static func json(evidence clustering: Clustering) -> JSONValue {
        .array(
            clustering.evidence.map { tried in
                .object([
                    ("clusters", .integer(Int64(tried.clusters))),
                    ("silhouette", tried.silhouette.map { .number($0) } ?? .null),
                    ("bic", tried.bic.map { .number($0) } ?? .null),
                ])
            })
    }

    static func json(_ mark: NamedCluster.Mark) -> JSONValue {
        .object([
            ("input", .string(mark.input)), ("here", .number(mark.here)),
            ("everybody", .number(mark.everybody)), ("effect", .number(mark.effect)),
        ])
    }
}
