import Expressions
import Features
import Portrait
import Profiles

extension CommandLineTool {
    static let tagsCommand = Command(
        "tags", "list the tags of the configuration and how many users have each",
        example: "limn tags",
        details: """
            Reads the committed states beside the running cluster, on the host that has the data
            folder. Windows end at the newest event of all users, as in profiles.
            """
    ) { invocation in
        let scan = try StateScan(invocation)
        let reader = try scan.tags()
        let tags = reader.set.tags
        guard !tags.isEmpty else {
            invocation.terminal.print(
                invocation.wantsJSON
                    ? "{\"tags\": []}"
                    : "no tags yet; limn.json5 shows how to declare some, limn eval what to ask for"
            )
            return .negative
        }
        let nowMs = try scan.newestMs()
        let viewer = try scan.viewer()
        var users = 0
        var having = [Int](repeating: 0, count: tags.count)
        var unknown = having
        try scan.forEach { state in
            users += 1
            let truths = reader.truths(of: viewer.view(state, nowMs: nowMs))
            for (place, truth) in truths.enumerated() {
                if truth.isNaN { unknown[place] += 1 } else if truth == 1 { having[place] += 1 }
            }
        }
        func share(_ count: Int) -> Double { users == 0 ? 0 : Double(count) / Double(users) }
        if invocation.wantsJSON {
            let list = tags.enumerated().map { place, tag in
                JSONValue.object([
                    ("name", .string(tag.definition.name)),
                    ("kind", .string(reader.bases[place].rawValue)),
                    ("when", .string(tag.definition.condition)),
                    ("value", .string(tag.definition.value)),
                    ("meaning", .string(tag.definition.meaning)),
                    ("users", .integer(Int64(having[place]))),
                    ("coverage", .number(share(having[place]))),
                    ("unknown", .integer(Int64(unknown[place]))),
                ])
            }
            invocation.terminal.print(
                .object([
                    ("users", .integer(Int64(users))), ("as_of_ms", .integer(nowMs)),
                    ("tags", .array(list)),
                ]))
            return .success
        }
        var table = Table([
            .init("tag"), .init("kind"), .init("users", .right), .init("coverage", .right),
            .init("unknown", .right), .init("when", widthMax: 60), .init("meaning", widthMax: 40),
        ])
        for (place, tag) in tags.enumerated() {
            table.add([
                tag.definition.name, reader.bases[place].rawValue, Format.count(having[place]),
                Format.percent(share(having[place])), Format.count(unknown[place]),
                tag.expression.syntax.description, tag.definition.meaning,
            ])
        }
        invocation.terminal.print(table.rendered(on: invocation.terminal))
        invocation.terminal.print("of \(Format.count(users)) users, \(Format.time(nowMs)) UTC")
        return .success
    }
}
