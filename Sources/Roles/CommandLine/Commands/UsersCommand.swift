import Features
import Messages
import System

extension CommandLineTool {
    static let usersCommand = Command(
        "users", "list users with the most events, purchases or spend",
        options: [
            Option("count", short: "n", value: "NUMBER", "how many to list (default 10)"),
            Option("by", value: "NAME", "events (default), purchases, spend or recent"),
        ],
        example: "limn users -n 5 --by spend",
        details: """
            Reads the committed states beside the running cluster, on the host that has the data
            folder; it disturbs nobody.
            """
    ) { invocation in
        let count = try invocation.number("count", default: 10, in: 1...100_000)
        let order = invocation.text("by") ?? "events"
        guard let rank = UserLine.ranks[order] else {
            throw CommandFailure(
                .usage, "cannot order by \"\(order)\"",
                hint: "events, purchases, spend or recent")
        }
        let lines = try UserLine.read(invocation)
            .sorted { (rank($0), $1.userID) > (rank($1), $0.userID) }.prefix(count)
        if invocation.wantsJSON {
            invocation.terminal.print(.array(lines.map(\.json)))
            return lines.isEmpty ? .negative : .success
        }
        guard !lines.isEmpty else {
            invocation.terminal.print(StateSource.nobody)
            return .negative
        }
        var table = Table([
            .init("user"), .init("events", .right), .init("views", .right),
            .init("purchases", .right), .init("spend", .right), .init("last seen"),
        ])
        for line in lines {
            table.add([
                line.userID, Format.count(line.events), Format.count(line.views),
                Format.count(line.purchases), Format.decimal(line.spend, 2),
                Format.ago(line.lastSeenMs, nowMs: Clock.wallMs()),
            ])
        }
        invocation.terminal.print(table.rendered(on: invocation.terminal))
        return .success
    }
}

/// What the list shows of one user.
private struct UserLine {
    var userID: String
    var events: Int
    var views: Int
    var purchases: Int
    var spend: Double
    var lastSeenMs: Int64

    static let ranks: [String: @Sendable (UserLine) -> Double] = [
        "events": { Double($0.events) }, "purchases": { Double($0.purchases) },
        "spend": { $0.spend }, "recent": { Double($0.lastSeenMs) },
    ]

    var json: JSONValue {
        .object([
            ("user_id", .string(userID)), ("events", .integer(Int64(events))),
            ("views", .integer(Int64(views))), ("purchases", .integer(Int64(purchases))),
            ("spend", .number(spend)), ("last_seen_ms", .integer(lastSeenMs)),
        ])
    }

    /// All users that are committed.
    static func read(_ invocation: Invocation) throws -> [UserLine] {
        var lines: [UserLine] = []
        try StateScan(invocation).forEach { state in
            lines.append(
                UserLine(
                    userID: state.userID, events: Int(state.events),
                    views: Int(state.life(.view)), purchases: Int(state.life(.purchase)),
                    spend: state.spend, lastSeenMs: state.lastSeenMs))
        }
        return lines
    }
}
