import Messages
import PlainText
import Runtime
import System

extension CommandLineTool {
    static let rejectsCommand = Command(
        "rejects", "list, correct and send again, or drop records that were refused",
        operands: "[list | show ID | retry ID... | drop ID...]", count: 0...1001,
        options: [
            Option("code", value: "CODE", "only refused with this code, such as time_out_of_range"),
            Option("producer", value: "NAME", "only of this producer"),
            Option("since", value: "TIME", "only received since: ISO time, or how long ago (2 h)"),
            Option("limit", value: "NUMBER", "list: how many (default 20)"),
            Option("after", value: "ID", "list: only those after this id (default 0)"),
            Option("quarantined", "list: what ended the workers that applied it"),
            Option("set", value: "FIELD=VALUE", "retry: correct a field first; may be repeated"),
            Option(
                "file", value: "FILE",
                "retry: corrected records, as list --json prints them; - = standard input"),
        ],
        example: "limn rejects retry 17 --set price=3.5",
        details: """
            retry and drop take ids, or a filter (--code, --producer, --since) for all that pass it.
            A record counts once, however often it is sent again: the reject is marked in the same
            transaction. drop forgets the record; the counts stay. With --file, each line has an id
            and the corrected record: limn rejects list --json > file, edit it, then
            limn rejects retry --file file. list and show also work while the cluster is stopped.
            """
    ) { invocation in
        let action = invocation.operands.first ?? "list"
        switch action {
        case "list": return try listRejects(invocation)
        case "show": return try showReject(invocation)
        case "retry": return try retryRejects(invocation)
        case "drop": return try dropRejects(invocation)
        default:
            let near = Suggestion.nearest(to: action, among: ["list", "show", "retry", "drop"])
            throw CommandFailure(
                .usage, "rejects cannot \"\(action)\"",
                hint: near.map { "did you mean limn rejects \($0)?" } ?? "limn help rejects")
        }
    }

    private static func listRejects(_ invocation: Invocation) throws -> ExitCode {
        guard invocation.operands.count <= 1 else {
            throw CommandFailure(.usage, "list takes no ids", hint: "limn rejects show ID")
        }
        var request = try rejectFilter(invocation)
        let limit = try invocation.number("limit", default: 20, in: 1...1000)
        request.limit = UInt32(limit)
        request.after = UInt64(try invocation.number("after", default: 0, in: 0...Int.max))
        request.quarantined = invocation.has("quarantined")
        var answer = try RejectSource.list(request, invocation)
        // An answer has as many as fit a frame.
        var next = request
        while answer.rejects.count < limit, let last = answer.rejects.last {
            next.after = last.id
            next.limit = UInt32(limit - answer.rejects.count)
            let page = try RejectSource.list(next, invocation).rejects
            if page.isEmpty { break }
            answer.rejects += page
        }
        RejectOutput.list(answer, request, invocation)
        return .success
    }

    private static func showReject(_ invocation: Invocation) throws -> ExitCode {
        var request = RejectsRequest()
        request.ids = try rejectIDs(invocation)
        guard !request.ids.isEmpty else {
            throw CommandFailure(.usage, "ID is missing", hint: "limn rejects show 17")
        }
        let answer = try RejectSource.list(request, invocation)
        for reject in answer.rejects {
            invocation.terminal.print(RejectOutput.value(reject))
        }
        let found = Set(answer.rejects.map(\.id))
        for id in request.ids where !found.contains(id) {
            invocation.terminal.writeError("there is no reject \(id)\n")
        }
        return found.count == Set(request.ids).count ? .success : .negative
    }

    private static func dropRejects(_ invocation: Invocation) throws -> ExitCode {
        try act(.drop, on: try chosen(invocation), [], invocation)
    }

    private static func retryRejects(_ invocation: Invocation) throws -> ExitCode {
        if let file = invocation.text("file") {
            guard invocation.operands.count <= 1 else {
                throw CommandFailure(
                    .usage, "give ids or --file, not both", hint: "limn help rejects")
            }
            return try act(.retry, on: [], try RejectCorrection.read(file), invocation)
        }
        let ids = try chosen(invocation)
        let changes = invocation.values["set"] ?? []
        guard !changes.isEmpty else { return try act(.retry, on: ids, [], invocation) }
        var corrections: [Correction] = []
        for page in pages(of: ids) {
            var request = RejectsRequest()
            request.ids = page
            for reject in try RejectSource.list(request, invocation).rejects {
                corrections.append(try RejectCorrection.apply(changes, to: reject))
            }
        }
        return try act(.retry, on: [], corrections, invocation)
    }

    /// The ids named, or all that pass the filter given.
    private static func chosen(_ invocation: Invocation) throws -> [UInt64] {
        let named = try rejectIDs(invocation)
        if !named.isEmpty { return named }
        var request = try rejectFilter(invocation)
        guard request != RejectsRequest() else {
            throw CommandFailure(
                .usage, "ID or a filter is missing",
                hint:
                    "limn rejects \(invocation.operands.first ?? "retry") --code time_out_of_range")
        }
        request.limit = 1000
        var ids: [UInt64] = []
        while true {
            let found = try RejectSource.list(request, invocation).rejects
            guard let last = found.last else { return ids }
            ids += found.filter { $0.retriedMs == 0 }.map(\.id)
            request.after = last.id
        }
    }

    private static func act(
        _ action: RejectsAction, on ids: [UInt64], _ corrections: [Correction],
        _ invocation: Invocation
    ) throws -> ExitCode {
        var outcomes: [RejectOutcome] = []
        let cluster = try invocation.cluster()
        for page in pages(of: ids) {
            var request = RejectsRequest()
            request.action = action
            request.ids = page
            outcomes += try cluster.ask(
                .ingest, request, as: Rejects.self, timeoutMs: 10_000
            ).outcomes
        }
        for page in pages(of: corrections) {
            var request = RejectsRequest()
            request.action = action
            request.corrections = page
            outcomes += try cluster.ask(
                .ingest, request, as: Rejects.self, timeoutMs: 10_000
            ).outcomes
        }
        return RejectOutput.outcomes(outcomes, action, invocation)
    }

    /// A request names at most 1000; corrected records must fit a frame as well.
    private static func pages<Element>(of all: [Element]) -> [[Element]] {
        stride(from: 0, to: all.count, by: 100).map { Array(all[$0..<min($0 + 100, all.count)]) }
    }

    private static func rejectIDs(_ invocation: Invocation) throws -> [UInt64] {
        try invocation.operands.dropFirst().map { word in
            guard let id = UInt64(word), id > 0 else {
                throw CommandFailure(
                    .usage, "\(word) is no id of a reject", hint: "limn rejects list shows them")
            }
            return id
        }
    }

    private static func rejectFilter(_ invocation: Invocation) throws -> RejectsRequest {
        var request = RejectsRequest()
        request.producer = invocation.text("producer") ?? ""
        if let text = invocation.text("code") {
            let named = ErrorCode(name: text.lowercased().replacing("-", with: "_"))
            guard let code = named ?? Int32(text).map({ ErrorCode(rawValue: $0) }),
                code != .noError
            else {
                let near = Suggestion.nearest(to: text, among: ErrorCode.named.map(\.name))
                throw CommandFailure(
                    .usage, "\"\(text)\" is no error code",
                    hint: near.map { "did you mean \($0)?" } ?? "such as time_out_of_range or 304")
            }
            request.code = code
        }
        if let text = invocation.text("since") {
            if let ago = DurationText.parse(text) {
                request.sinceMs = Clock.wallMs() - ago.milliseconds
            } else if let time = TimeFormat.iso(Array(text.utf8)) {
                request.sinceMs = time
            } else {
                throw CommandFailure(
                    .usage, "--since \(text) is no time", hint: "\"2 h\" or 2025-01-31T12:00:00Z")
            }
        }
        return request
    }
}
