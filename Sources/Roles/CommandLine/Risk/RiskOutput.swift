import Features
import Identity
import Messages
import Profiles
import Risk
import RiskRules

extension CommandLineTool {
    static func explainRisk(_ asked: String, _ invocation: Invocation) throws -> ExitCode {
        let setup = try RiskSetup(invocation)
        let userID = try setup.source.graph().person(of: asked)
        let scorer = try setup.rules.scorer()
        var found: RiskAssessment?
        try setup.source.forEach { state in
            guard state.userID == userID else { return }
            found = scorer.assess(UserView(state, nowMs: setup.nowMs), asOfMs: setup.nowMs)
        }
        guard let found else {
            invocation.terminal.print(
                invocation.wantsJSON
                    ? JSONValue.object([("user_id", .string(userID)), ("known", .bool(false))])
                        .rendered()
                    : "\(userID) is not known: no event of this user was ever seen")
            return .negative
        }
        let risk = UserRisk(found)
        if invocation.wantsJSON {
            invocation.terminal.print(RiskOutput.json(risk, userID: userID))
        } else {
            let style = invocation.terminal.style
            let thresholds = scorer.thresholds
            let lines = RiskOutput.lines(risk, style, hasLabels: found.labelled != nil)
            invocation.terminal.print(
                ([style.bold(userID)] + lines).joined(separator: "\n")
                    + "\n\n"
                    + style.dim(
                        "review from \(Format.decimal(thresholds.review)), block from "
                            + "\(Format.decimal(thresholds.block)); windows end at "
                            + Format.time(risk.asOfMs)))
        }
        return .success
    }
}

/// One user's risk, for people and machines.
enum RiskOutput {
    /// Score, parts and reasons, a line each.
    static func lines(_ risk: UserRisk, _ style: Style, hasLabels: Bool) -> [String] {
        let bar = Format.bar(risk.score, width: 20).padded(to: 20)
        let painted =
            switch risk.action {
            case "block": style.red(bar)
            case "review": style.yellow(bar)
            default: style.green(bar)
            }
        var parts = ["rules \(Format.decimal(risk.rules))"]
        if !risk.model.isEmpty {
            parts.append("stranger than \(Format.percent(risk.anomaly)) of users")
        }
        if hasLabels { parts.append("labels say \(Format.percent(risk.labelled))") }
        let model = risk.model.isEmpty ? "" : style.dim("   \(risk.model)")
        var lines = [
            "  \(risk.action.padded(to: 8))\(painted) \(Format.decimal(risk.score))   "
                + parts.joined(separator: ", ") + model
        ]
        let width = risk.reasons.map(\.name.count).max() ?? 0
        for reason in risk.reasons {
            lines.append(
                "  \(reason.source.padded(to: 9))\(reason.name.padded(to: width + 2))"
                    + "\(Format.decimal(reason.weight)) ".padded(to: 6) + reason.text)
        }
        if risk.reasons.isEmpty { lines.append("  no rule holds and nothing is unusual") }
        return lines
    }

    static func json(_ risk: UserRisk, userID: String? = nil) -> JSONValue {
        let reasons = risk.reasons.map { reason in
            JSONValue.object([
                ("source", .string(reason.source)), ("name", .string(reason.name)),
                ("text", .string(reason.text)), ("weight", .number(reason.weight)),
            ])
        }
        let user = userID.map { [("user_id", JSONValue.string($0))] } ?? []
        return .object(
            user + [
                ("score", .number(risk.score)), ("level", .string(risk.level)),
                ("action", .string(risk.action)), ("reasons", .array(reasons)),
                ("model", .string(risk.model)), ("as_of_ms", .integer(risk.asOfMs)),
                ("rules", .number(risk.rules)), ("anomaly", .number(risk.anomaly)),
                ("labelled", .number(risk.labelled)),
            ])
    }
}
