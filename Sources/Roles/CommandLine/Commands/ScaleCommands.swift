import Messages
import System

extension CommandLineTool {
    private static let waiting = [
        Option("timeout", value: "SECONDS", "how long to wait for the end (default 60)"),
        Option("no-wait", "return as soon as the supervisor has agreed"),
    ]

    static let scaleCommand = Command(
        "scale", "run another number of processes of a role", operands: "ROLE COUNT|auto",
        count: 2...2,
        options: waiting, example: "limn scale features 4",
        details: """
            ROLE is features or scoring, COUNT 1 to 64. Nothing is lost and nobody is refused:
            feature workers hand their partitions over a few at a time, scoring processes answer
            what they were asked before they go. Holds, also when the supervisor is started anew,
            until limn scale ROLE auto: then the number is that of limn.json5 again, or follows the
            load where workersMax or processesMax allows it.
            """
    ) { invocation in
        let role = invocation.operands[0]
        if invocation.operands[1] == "auto" { return try scaleByLoad(role, invocation) }
        guard let count = Invocation.wholeNumber(invocation.operands[1]), count >= 0 else {
            throw CommandFailure(
                .usage, "\"\(invocation.operands[1])\" is not a number of processes",
                hint: "limn scale features 4, or limn scale features auto")
        }
        var request = ScaleRequest()
        request.role = role
        request.count = UInt32(clamping: count)
        let before = try fleet(invocation)
        let begun = Clock.monotonic()
        _ = try invocation.cluster().ask(
            .supervisor, request, as: Status.self, timeoutMs: 5_000)
        let after = try waitFor(invocation) { $0.isScaled(role, to: count) }
        let milliseconds = (Clock.monotonic() - begun) / .milliseconds(1)
        let moved = after.counter("partitions_moved") - before.counter("partitions_moved")
        let isDone = after.isScaled(role, to: count)
        if invocation.wantsJSON {
            invocation.terminal.print(
                .object([
                    ("role", .string(role)), ("before", .integer(Int64(before.ready(role)))),
                    ("after", .integer(Int64(after.ready(role)))), ("done", .bool(isDone)),
                    ("ms", .number(milliseconds)), ("partitions_moved", .integer(Int64(moved))),
                    ("pause_ms_max", .number(after.counter("pause_ms_max"))),
                ]))
        } else {
            var text = "\(role): \(before.ready(role)) → \(after.ready(role)) processes"
            if isDone { text += " in \(Format.duration(milliseconds / 1000))" }
            if moved > 0 {
                let pause = Format.decimal(after.counter("pause_ms_p50"), 0)
                let longest = Format.decimal(after.counter("pause_ms_max"), 0)
                text += "; \(Int(moved)) partitions moved, each paused \(pause) ms "
                text += "(median; longest so far \(longest) ms)"
            }
            invocation.terminal.print(text)
        }
        return end(isDone, invocation)
    }

    private static func scaleByLoad(_ role: String, _ invocation: Invocation) throws -> ExitCode {
        var request = ScaleRequest()
        request.role = role
        request.automatic = true
        let status = try invocation.cluster().ask(
            .supervisor, request, as: Status.self, timeoutMs: 5_000)
        let wanted = Int(status.counter("\(role)_wanted"))
        if invocation.wantsJSON {
            invocation.terminal.print(
                .object([("role", .string(role)), ("wanted", .integer(Int64(wanted)))]))
        } else {
            invocation.terminal.print(
                "\(role): \(wanted) processes, as limn.json5 and the load say")
        }
        return .success
    }

    static let restartCommand = Command(
        "restart", "start processes anew, one after the other, while the service goes on",
        operands: "ROLE", count: 1...1, options: waiting, example: "limn restart all",
        details: """
            ROLE is features, scoring, ingest, trainer or all. Each process starts from the program
            as it is on disk, so that this is how a new version comes into use; the next one follows
            when it is ready. Feature workers hand their partitions over first; of a role with one
            process an extra one helps out meanwhile. The supervisor itself goes on as it is: a new
            one needs a stop and a start.
            """
    ) { invocation in
        let role = invocation.operands[0]
        var request = RestartRequest()
        request.role = role == "all" ? "" : role
        let begun = Clock.monotonic()
        let before = try invocation.cluster().ask(
            .supervisor, request, as: Status.self, timeoutMs: 5_000)
        let after = try waitFor(invocation) { $0.counter("restarts_left") == 0 && $0.isQuiet }
        let milliseconds = (Clock.monotonic() - begun) / .milliseconds(1)
        let isDone =
            after.counter("restarts_left") == 0
            && after.counter("rolling_restarts_given_up")
                == before.counter("rolling_restarts_given_up")
        if invocation.wantsJSON {
            invocation.terminal.print(
                .object([
                    ("role", .string(role)), ("done", .bool(isDone)),
                    ("ms", .number(milliseconds)),
                    ("pause_ms_max", .number(after.counter("pause_ms_max"))),
                ]))
        } else if isDone {
            invocation.terminal.print(
                "\(role): started anew in \(Format.duration(milliseconds / 1000))")
        }
        return end(isDone, invocation)
    }

    private static func fleet(_ invocation: Invocation) throws -> Status {
        try invocation.cluster().ask(
            .supervisor, StatusRequest(), as: Status.self, timeoutMs: 5_000)
    }

    /// The last status when the condition holds, the time is over, or nobody wants to wait.
    private static func waitFor(
        _ invocation: Invocation, _ condition: (Status) -> Bool
    ) throws -> Status {
        let seconds = try invocation.number("timeout", default: 60, in: 1...86_400)
        let deadline = Clock.monotonic() + .seconds(seconds)
        while true {
            let status = try fleet(invocation)
            if condition(status) || invocation.has("no-wait") { return status }
            guard Clock.monotonic() < deadline else { return status }
            Clock.pause(.milliseconds(50))
        }
    }

    private static func end(_ isDone: Bool, _ invocation: Invocation) -> ExitCode {
        if isDone || invocation.has("no-wait") { return .success }
        invocation.terminal.writeError("not finished; look at: limn status\n")
        return .negative
    }
}

extension Status {
    func counter(_ name: String) -> Double { counters.first { $0.name == name }?.value ?? 0 }

    /// Processes of a role that serve.
    func ready(_ role: String) -> Int { roles.count { $0.role == role && $0.state == "ready" } }

    /// No partition is on its way, no process comes or goes.
    var isQuiet: Bool {
        state == "ready" && counter("partitions_moving") == 0
            && roles.allSatisfy { $0.state == "ready" }
    }

    /// So many processes, all of them ready, and every partition at rest.
    func isScaled(_ role: String, to count: Int) -> Bool {
        isQuiet && ready(role) == count && roles.count { $0.role == role } == count
            && counter("partitions_balanced") == 1
    }
}
