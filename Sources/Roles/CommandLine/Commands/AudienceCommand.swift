import Audiences
import Expressions
import Features
import Messages
import Portrait
import Profiles
import Roaring
import Runtime
import Storage
import System

extension CommandLineTool {
    static let audienceCommand = Command(
        "audience", "count, compare, sample, export or keep the users who meet conditions",
        operands: "EXPRESSION...", count: 0...16,
        options: [
            Option("sample", value: "NUMBER", "list so many of the first audience, by chance"),
            Option("seed", value: "NUMBER", "another sample (default 1)"),
            Option("csv", value: "FILE", "write the first audience's users to a file"),
            Option("snapshot", value: "NAME", "keep the first audience as it is, with a version"),
            Option("follow", "print who joins and leaves while events arrive"),
            Option("members", "list the users of a tag as the running cluster has them"),
            Option("subscribe", "print what the cluster publishes of its tags (or those named)"),
            Option("seconds", value: "NUMBER", "follow for so long (default: until Ctrl-C)"),
        ],
        example: "limn audience '\"vip\" in tags' 'now - last_seen > 30d' --sample 5",
        details: """
            Expressions are those of limn eval; of several the overlaps are shown too. Reads the
            committed states once and asks the index made of them. Snapshots lie in audiences/ of
            the data folder; each is a file of its own that is never changed. Following, a change is
            told once it is committed, after 0.2 to 5 seconds. Every tag of limn.json5 is an
            audience that the running cluster keeps itself and publishes over ZeroMQ; --subscribe
            shows what a service hears, --members what it is answered.
            """
    ) { invocation in
        if invocation.has("members") { return try listMembers(invocation) }
        if invocation.has("subscribe") { return try subscribeToAudiences(invocation) }
        guard !invocation.operands.isEmpty else {
            throw CommandFailure(
                .usage, "which users? an EXPRESSION is needed",
                hint: "limn eval lists every name that one may ask for")
        }
        let scan = try StateScan(invocation)
        if invocation.has("follow") { return try followAudiences(scan, invocation) }
        var audiences = try AudienceAnswer(invocation.operands, scan)
        let sample = try invocation.number("sample", default: 0, in: 0...1_000_000)
        let seed = try invocation.number("seed", default: 1, in: 0...Int.max)
        audiences.sample = audiences.index.sample(
            audiences.members[0], count: sample, seed: UInt64(seed))
        let userIDs = audiences.index.userIDs(of: audiences.members[0])
        if let file = invocation.text("csv") {
            try Files.writeAtomically(file, Array(AudienceCSV.text(userIDs).utf8))
            audiences.csv = file
        }
        if let name = invocation.text("snapshot") {
            let files = AudienceFiles(folder: "\(invocation.folder)/audiences")
            let condition = audiences.expressions[0].text
            let asOfMs = audiences.nowMs
            audiences.snapshot = try files.add(name) { version in
                var snapshot = AudienceSnapshot()
                snapshot.name = name
                snapshot.condition = condition
                snapshot.asOfMs = asOfMs
                snapshot.version = version
                snapshot.userIDs = userIDs
                return snapshot.encoded()
            }
        }
        if invocation.wantsJSON {
            invocation.terminal.print(audiences.json)
        } else {
            invocation.terminal.print(audiences.words(on: invocation.terminal))
        }
        return audiences.members[0].count > 0 ? .success : .negative
    }
}

/// Audiences of the committed states, and what is asked of them.
private struct AudienceAnswer {
    let expressions: [Expression]
    let nowMs: Int64
    let index: AudienceIndex
    let members: [Bitmap]
    var sample: [String] = []
    var csv: String?
    var snapshot: (version: UInt64, path: String)?

    init(_ texts: [String], _ scan: StateScan) throws {
        let tags = try scan.tags()
        var expressions: [Expression] = []
        for text in texts {
            do throws(ExpressionError) {
                expressions.append(try Expression(condition: text, in: tags.set.symbols))
            } catch {
                throw CommandFailure(
                    .usage, error.explained(in: text), hint: "limn eval alone lists every name")
            }
        }
        let nowMs = try scan.newestMs()
        var index = AudienceIndex(
            slots: expressions.flatMap(\.slots), textSlots: expressions.flatMap(\.textSlots),
            tags: tags.set)
        let reader = SlotReader(slots: index.slots, textSlots: index.textSlots)
        let viewer = try scan.viewer()
        try scan.forEach { state in
            let view = viewer.view(state, nowMs: nowMs)
            _ = index.update(
                state.userID, numbers: reader.numbers(of: view), texts: reader.texts(of: view),
                nowMs: nowMs)
        }
        do throws(AudienceError) {
            var members: [Bitmap] = []
            for expression in expressions {
                members.append(try index.members(of: expression, nowMs: nowMs))
            }
            self.members = members
        } catch {
            throw CommandFailure(.usage, "\(error)", hint: "compare single tags instead")
        }
        self.expressions = expressions
        self.nowMs = nowMs
        self.index = index
    }

    private func share(_ count: Int) -> Double {
        index.count == 0 ? 0 : Double(count) / Double(index.count)
    }

    func words(on terminal: Terminal) -> String {
        var table = Table(
            [.init("audience", widthMax: 60), .init("users", .right), .init("share", .right)]
                + (members.count > 1 ? members.indices.map { .init("and \($0 + 1)", .right) } : []))
        let overlaps = AudienceIndex.overlaps(members)
        for (place, expression) in expressions.enumerated() {
            let count = members[place].count
            let shared = members.count > 1 ? overlaps[place].map { Format.count($0) } : []
            table.add(
                [
                    (members.count > 1 ? "\(place + 1)  " : "") + expression.syntax.description,
                    Format.count(count), Format.percent(share(count)),
                ] + shared)
        }
        var parts = [
            table.rendered(on: terminal),
            "of \(Format.count(index.count)) users, \(Format.time(nowMs)) UTC",
        ]
        if !sample.isEmpty { parts.append(sample.joined(separator: "\n")) }
        if let csv { parts.append("wrote \(csv)") }
        if let snapshot { parts.append("kept version \(snapshot.version): \(snapshot.path)") }
        return parts.joined(separator: "\n")
    }

    var json: JSONValue {
        let overlaps = AudienceIndex.overlaps(members)
        let list = expressions.enumerated().map { place, expression in
            JSONValue.object([
                ("expression", .string(expression.text)),
                ("users", .integer(Int64(members[place].count))),
                ("overlaps", .array(overlaps[place].map { .integer(Int64($0)) })),
            ])
        }
        return .object([
            ("users", .integer(Int64(index.count))), ("as_of_ms", .integer(nowMs)),
            ("audiences", .array(list)), ("sample", .array(sample.map { .string($0) })),
            ("csv", csv.map { .string($0) } ?? .null),
            ("snapshot", snapshot.map { .string($0.path) } ?? .null),
            ("version", snapshot.map { .integer(Int64(clamping: $0.version)) } ?? .null),
        ])
    }
}
