package import Messages
import PlainText
import Runtime
import System

extension CommandLineTool {
    static let profileCommand = Command(
        "profile", "show what is known of a user", operands: "USER", count: 1...1,
        options: [
            Option("all", "show every statistic, not only the most telling"),
            Option(
                "explain", "show where each part comes from, and every statistic with its meaning"),
            Option(
                "offline", "read the state file instead of asking; works without a cluster"),
        ],
        example: "limn profile u1"
    ) { invocation in
        let profile: Profile
        if invocation.has("offline") {
            profile = try offlineProfile(invocation.operands[0], invocation)
        } else {
            var question = ProfileRequest()
            question.userID = invocation.operands[0]
            profile = try invocation.cluster().ask(
                .scoring, question, as: Profile.self, timeoutMs: 5_000)
        }
        if invocation.wantsJSON {
            invocation.terminal.print(AnswerJSON.value(profile))
        } else {
            invocation.terminal.print(
                ProfileView(
                    profile, style: invocation.terminal.style, nowMs: Clock.wallMs(),
                    showsAll: invocation.has("all")
                ).rendered())
            if invocation.has("explain"), profile.known {
                invocation.terminal.print(
                    "\n" + ProvenanceOutput.words(profile, on: invocation.terminal))
                invocation.terminal.print("\n" + FeatureTable.explained(profile, invocation))
            }
        }
        return profile.known ? .success : .negative
    }
}

/// A profile for people.
package struct ProfileView {
    private let profile: Profile
    private let style: Style
    private let nowMs: Int64
    private let showsAll: Bool

    package init(_ profile: Profile, style: Style, nowMs: Int64, showsAll: Bool = false) {
        self.profile = profile
        self.style = style
        self.nowMs = nowMs
        self.showsAll = showsAll
    }

    package func rendered() -> String {
        guard profile.known else {
            return "\(profile.userID) is not known: no event of this user was ever seen"
        }
        let parts = [
            head, IdentityOutput.line(profile, style), attributes, segments, tags, predictions,
            risk,
            affinities, statistics, recent,
        ]
        return parts.filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    private var head: String {
        let last = Format.ago(profile.lastSeenMs, nowMs: nowMs)
        return style.bold(VisibleText.line(profile.userID))
            + style.dim(
                "  seen first \(Format.time(profile.firstSeenMs).prefix(10)), last \(last)"
                    + "  partition \(profile.partition), version \(profile.version)")
    }

    private var attributes: String {
        guard let user = profile.attributes else { return "" }
        let pairs = [
            ("gender", user.gender), ("age", user.age > 0 ? "\(user.age)" : ""),
            ("occupation", user.occupation), ("education", user.education),
            ("income", user.income), ("region", user.region),
            ("interests", user.interests.joined(separator: ", ")),
        ].filter { !$0.1.isEmpty }
        return pairs.map { "\(style.dim($0.0)) \(VisibleText.line($0.1))" }.joined(separator: "   ")
    }

    private var tags: String {
        let values = profile.tagDetails.map { tag in
            Double(tag.value).map { Format.decimal($0) } ?? Self.short(tag.value)
        }
        let names = profile.tagDetails.map { Self.short($0.name) }
        let nameWidth = names.map(DisplayWidth.of).max() ?? 0
        let valueWidth = values.map(DisplayWidth.of).max() ?? 0
        return section(
            "Tags",
            profile.tagDetails.enumerated().map { place, tag in
                "  \(names[place].padded(to: nameWidth + 2))"
                    + values[place].padded(to: valueWidth + 2)
                    + style.dim(
                        "\(tag.kind), \(Format.percent(tag.confidence, 0)) sure, holds since "
                            + "\(Format.time(tag.sinceMs)) at least")
            })
    }

    private var predictions: String {
        section("Predictions", profile.predictions.map(Self.line))
    }

    static func line(_ prediction: Prediction) -> String {
        let reasons = prediction.reasons.prefix(3).map { reason in
            "\(reason.name) \(reason.value >= 0 ? "+" : "")\(Format.decimal(reason.value))"
        }
        let horizon =
            prediction.horizonHours >= 48
            ? "\(prediction.horizonHours / 24) days" : "\(prediction.horizonHours) h"
        return "  \(short(prediction.name)) within \(horizon)".padded(to: 30)
            + "\(Format.bar(prediction.probability, width: 20).padded(to: 20)) "
            + Format.percent(prediction.probability)
            + (reasons.isEmpty ? "" : "   because " + reasons.joined(separator: ", "))
    }

    private var risk: String {
        guard let risk = profile.risk else { return "" }
        return section("Risk", RiskOutput.lines(risk, style, hasLabels: risk.labelled > 0))
    }

    private var segments: String {
        guard let segments = profile.segments else { return "" }
        return section("Segments", SegmentOutput.lines(segments, style))
    }

    private var affinities: String {
        var lines: [String] = []
        var kinds: [String] = []
        for affinity in profile.affinities where !kinds.contains(affinity.kind) {
            kinds.append(affinity.kind)
        }
        for kind in kinds {
            let of = profile.affinities.filter { $0.kind == kind }
            for (at, affinity) in of.prefix(showsAll ? 50 : 5).enumerated() {
                let name = Self.short(affinity.name).padded(to: 31)
                lines.append(
                    "  " + (at == 0 ? Self.short(kind) : "").padded(to: 12) + name
                        + style.blue(Format.bar(affinity.share, width: 24).padded(to: 24))
                        + " \(Format.percent(affinity.share, 0))")
            }
        }
        return section("Affinities", lines)
    }

    private var statistics: String {
        let telling = profile.statistics.filter { $0.value != 0 }
        let shown = showsAll ? telling : Array(telling.prefix(16))
        let width = shown.map(\.name.count).max() ?? 0
        let cells = shown.map { value in
            "  " + value.name.padded(to: width + 2) + Format.decimal(value.value)
        }
        var lines: [String] = []
        for at in stride(from: 0, to: cells.count, by: 2) {
            let right = at + 1 < cells.count ? cells[at + 1] : ""
            lines.append(cells[at].padded(to: width + 20) + right)
        }
        if telling.count > shown.count {
            lines.append("  … \(telling.count - shown.count) more with --all")
        }
        return section("Statistics", lines)
    }

    /// The newest ten by their own times; of equal times the one that came last.
    private var recent: String {
        let newest = profile.recent.enumerated().sorted {
            ($1.element.timeMs, $0.offset) < ($0.element.timeMs, $1.offset)
        }.prefix(10).map(\.element)
        return section(
            "Recent events",
            newest.map { event in
                "  \(Format.time(event.timeMs))  \(event.type.name.padded(to: 16))"
                    + VisibleText.line(event.itemID)
            })
    }

    private static func short(_ text: String) -> String {
        DisplayWidth.clip(VisibleText.line(text), to: 30)
    }

    private func section(_ title: String, _ lines: [String]) -> String {
        lines.isEmpty ? "" : ([style.bold(title)] + lines).joined(separator: "\n")
    }
}
