extension CommandLineTool {
    static let riskCommand = Command(
        "risk", "who behaves like a cheat, and why; fit the model, judge it",
        operands: "[fit | evaluate | table] [FILE...]", count: 0...17,
        options: [
            Option("user", value: "USER", "explain one user"),
            Option("count", short: "n", value: "NUMBER", "how many users to list (default 20)"),
            Option("csv", value: "FILE", "write every user's score and action to this file"),
            Option("labels", value: "FILE", "fit: known users, a CSV of user and 1 or 0"),
            Option("truth", value: "FILE", "evaluate: who cheats, a CSV of user and 1 or 0"),
            Option(
                "label", value: "NAME",
                "the column of the answer (default: fraudster, label, fraud or class)"),
            Option("threshold", value: "SCORE", "evaluate: yes from here (default: risk.review)"),
            Option("model", value: "FILE", "another model than models/risk.safetensors"),
            Option("seed", value: "NUMBER", "fit, table: another forest (default 1)"),
            Option("mapping", value: "NAME|FILE", "how columns become fields (default: auto)"),
            Option("limit", value: "ROWS", "read only so many rows of each file"),
        ],
        example: "limn risk --user u17",
        details: """
            Scores are made by the rules of limn.json5 (risk.rules) and of Limn, and by the model of
            limn risk fit: an isolation forest of how users behave, and with --labels a classifier,
            calibrated on users it was not trained on. Reads the committed states beside the running
            cluster; with files it folds these in memory. Scoring takes a new model into use by
            itself. limn risk table FILE judges the models on a table of numbers in order of time,
            of which the last fifth is held out.
            """
    ) { invocation in
        var rest = invocation
        guard let action = invocation.operands.first, actions.contains(action) else {
            return try invocation.text("user").map { try explainRisk($0, rest) }
                ?? listRisks(rest)
        }
        rest.operands.removeFirst()
        switch action {
        case "fit": return try fitRisk(rest)
        case "evaluate": return try evaluateRisk(rest)
        default: return try judgeTable(rest)
        }
    }

    private static let actions = ["fit", "evaluate", "table"]
}
