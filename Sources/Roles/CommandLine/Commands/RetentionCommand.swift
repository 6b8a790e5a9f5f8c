import Messages
import System

extension CommandLineTool {
    static let retentionCommand = Command(
        "retention", "show how much of the log is kept; remove what may go",
        options: [
            Option("now", "begin a pass and wait for its end"),
            Option("timeout", value: "SECONDS", "how long to wait (default 600)"),
        ],
        example: "limn retention --now",
        details: """
            What is kept is set under "retention" in the configuration; by default all of the log
            is. Its oldest part goes only when every worker has it in its states on disk and the
            base, the states as of the new beginning, is on disk too. The file does not shrink:
            what is free is used again before it grows.
            """
    ) { invocation in
        let seconds = try invocation.number("timeout", default: 600, in: 1...86_400)
        let deadline = Clock.monotonic() + .seconds(seconds)
        let cluster = try invocation.cluster()
        func ask(_ now: Bool) throws -> Retention {
            var request = RetentionRequest()
            request.now = now
            return try cluster.ask(.ingest, request, as: Retention.self, timeoutMs: 5_000)
        }
        var found = try ask(invocation.has("now"))
        if invocation.has("now") {
            while found.state != "idle", Clock.monotonic() < deadline {
                Clock.pause(.milliseconds(100))
                found = try ask(false)
            }
        }
        show(found, invocation)
        return found.problem.isEmpty ? .success : .negative
    }

    private static func show(_ found: Retention, _ invocation: Invocation) {
        let terminal = invocation.terminal
        if invocation.wantsJSON {
            func whole(_ number: UInt64) -> JSONValue { .integer(Int64(clamping: number)) }
            terminal.print(
                .object([
                    ("state", .string(found.state)), ("records", whole(found.records)),
                    ("removed_records", whole(found.removedRecords)),
                    ("file_bytes", whole(found.fileBytes)),
                    ("free_bytes", whole(found.freeBytes)),
                    ("oldest_ms", .integer(found.oldestMs)),
                    ("newest_ms", .integer(found.newestMs)), ("passes", whole(found.passes)),
                    ("last_pass_ms", .integer(found.lastPassMs)),
                    ("problem", .string(found.problem)),
                ]))
            return
        }
        let used = Int(clamping: found.fileBytes) - Int(clamping: found.freeBytes)
        let last =
            found.lastPassMs > 0
            ? "last pass \(Format.ago(found.lastPassMs, nowMs: Clock.wallMs()))" : "no pass yet"
        terminal.print(
            """
            kept     \(Format.count(Int(clamping: found.records))) records, \
            \(Format.time(found.oldestMs)) to \(Format.time(found.newestMs)) UTC
            removed  \(Format.count(Int(clamping: found.removedRecords))) records since the start
            file     \(Format.bytes(used)) in use, \
            \(Format.bytes(Int(clamping: found.freeBytes))) free for what comes
            state    \(found.state), \(last)
            """)
        if !found.problem.isEmpty {
            terminal.print(terminal.style.red("problem  ") + found.problem)
        }
    }
}
