import Features
import Messages
import Risk
import RiskRules

extension CommandLineTool {
    /// The riskiest users, and how many there are of each action.
    static func listRisks(_ invocation: Invocation) throws -> ExitCode {
        let setup = try RiskSetup(invocation)
        let scorer = try setup.rules.scorer()
        var list = RiskList(
            count: try invocation.number("count", default: 20, in: 1...100_000),
            nowMs: setup.nowMs, model: scorer.model?.label ?? "")
        let csv = try invocation.text("csv").map { path throws(CommandFailure) in
            try CSVFile(path)
        }
        try csv?.write(["user_id", "score", "level", "action"])
        try setup.forEach(scorer) { state, risk in
            list.add(state.userID, risk)
            try csv?.write([
                state.userID, "\(risk.score)", risk.level.rawValue, risk.action.rawValue,
            ])
        }
        try csv?.close()
        list.finish()
        if invocation.wantsJSON {
            invocation.terminal.print(list.json)
        } else if list.users == 0 {
            invocation.terminal.print(StateSource.nobody)
        } else {
            invocation.terminal.print(list.words(on: invocation.terminal))
        }
        return list.users == 0 ? .negative : .success
    }
}

/// The riskiest of many users, held while they pass.
private struct RiskList {
    private(set) var users = 0
    private let count: Int
    private let nowMs: Int64
    private let model: String
    private var actions: [RiskAction: Int] = [:]
    private var riskiest: [(userID: String, risk: RiskAssessment)] = []

    init(count: Int, nowMs: Int64, model: String) {
        self.count = count
        self.nowMs = nowMs
        self.model = model
    }

    mutating func add(_ userID: String, _ risk: RiskAssessment) {
        users += 1
        actions[risk.action, default: 0] += 1
        guard risk.score > 0 || risk.action > .allow else { return }
        riskiest.append((userID, risk))
        if riskiest.count >= 2 * count + 1000 { finish() }
    }

    /// Keeps those that will be shown.
    mutating func finish() {
        riskiest.sort {
            ($1.risk.action, $1.risk.score, $0.userID) < ($0.risk.action, $0.risk.score, $1.userID)
        }
        riskiest.removeSubrange(min(count, riskiest.count)...)
    }

    func words(on terminal: Terminal) -> String {
        var table = Table([
            .init("user"), .init("score", .right), .init("", .bar), .init("action"),
            .init("rules", .right), .init("stranger than", .right),
            .init("labels", .right), .init("because", widthMax: 72),
        ])
        for (userID, risk) in riskiest {
            table.add([
                userID, Format.decimal(risk.score), Format.bar(risk.score, width: 12),
                risk.action.rawValue, Format.decimal(risk.rules),
                risk.anomaly.map { Format.percent($0) } ?? "",
                risk.labelled.map { Format.percent($0) } ?? "", risk.reasons.first?.text ?? "",
            ])
        }
        var counts = Table([
            .init("action"), .init("users", .right), .init("share", .right), .init("", .bar),
        ])
        for action in RiskAction.allCases.reversed() {
            let found = actions[action, default: 0]
            let share = Double(found) / Double(users)
            counts.add([
                action.rawValue, Format.count(found), Format.percent(share, 2),
                Format.bar(share, width: 30),
            ])
        }
        let how =
            model.isEmpty ? "rules alone; limn risk fit adds what is unusual" : "rules and \(model)"
        return [
            "\(Format.count(users)) users, windows end at \(Format.time(nowMs)), \(how)",
            counts.rendered(on: terminal), table.rendered(on: terminal),
            "limn risk --user USER says all reasons",
        ].joined(separator: "\n\n")
    }

    var json: JSONValue {
        .object([
            ("users", .integer(Int64(users))), ("as_of_ms", .integer(nowMs)),
            ("model", .string(model)),
            (
                "actions",
                .object(
                    RiskAction.allCases.map {
                        ($0.rawValue, .integer(Int64(actions[$0, default: 0])))
                    })
            ),
            (
                "riskiest",
                .array(riskiest.map { RiskOutput.json(UserRisk($0.risk), userID: $0.userID) })
            ),
        ])
    }
}
