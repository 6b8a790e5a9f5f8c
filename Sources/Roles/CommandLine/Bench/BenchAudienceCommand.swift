import Runtime
import System

extension CommandLineTool {
    /// Counting, comparing and following an audience index.
    static func benchAudience(_ invocation: Invocation) throws -> ExitCode {
        var bench = AudienceBench()
        bench.users = try invocation.number("users", default: 1_000_000, in: 1_000...100_000_000)
        let terminal = invocation.terminal
        let report = try bench.run(
            nowMs: Clock.wallMs(),
            residentBytes: { Int(clamping: ProcessFacts.current().rssBytes) },
            progress: { terminal.writeError("\($0) …\n") })
        terminal.writeError("folding a simulated shop …\n")
        let everything = try AudienceBench.everything(users: min(bench.users, 20_000))
        if invocation.wantsJSON {
            terminal.print(report.json(everything))
        } else {
            for line in report.lines(everything) { terminal.print(line) }
        }
        return report.isRight ? .success : .bug
    }
}

extension AudienceBench.Report {
    func json(_ everything: AudienceBench.Everything) -> JSONValue {
        .object([
            ("users", .integer(Int64(users))), ("columns", .integer(Int64(columns))),
            ("found", .integer(Int64(found))), ("right", .bool(isRight)),
            ("load_s", .number(loadSeconds)), ("count_ms", .number(countMs)),
            ("members_ms", .number(membersMs)), ("overlap_ms", .number(overlapMs)),
            ("algebra_ms", .number(algebraMs)), ("sample_ms", .number(sampleMs)),
            ("update_us", .number(updateUs)), ("changes", .integer(Int64(changes))),
            ("bytes_per_user", .number(bytesPerUser)),
            ("resident_bytes_per_user", .number(residentBytesPerUser)),
            ("everything_columns", .integer(Int64(everything.columns))),
            ("everything_bytes_per_user", .number(everything.bytesPerUser)),
        ])
    }

    func lines(_ everything: AudienceBench.Everything) -> [String] {
        func line(_ what: String, _ figure: String) -> String {
            "  " + what.padded(to: 52) + figure
        }
        func ms(_ value: Double) -> String { Format.decimal(value) + " ms" }
        let check = isRight ? "as one user at a time says" : "WRONG: one user at a time differs"
        return [
            "\(Format.count(users)) users, \(columns) columns, one core",
            line("count of five terms", "\(ms(countMs))   \(Format.count(found)) users, \(check)"),
            line("their bitmap", ms(membersMs)),
            line("overlap of two tags", ms(overlapMs)),
            line("their intersection, union and difference", ms(algebraMs)),
            line("sample of 1000", ms(sampleMs)),
            line(
                "a user changes, four tags decided",
                "\(Format.decimal(updateUs)) µs   \(Format.count(changes)) joined or left"),
            line("filling the index", Format.duration(loadSeconds)),
            line(
                "memory per user",
                "\(Format.decimal(bytesPerUser, 0)) bytes, with the allocator's "
                    + Format.decimal(residentBytesPerUser, 0)),
            line(
                "the same with all \(everything.columns) numbers known of a user",
                "\(Format.decimal(everything.bytesPerUser, 0)) bytes, over "
                    + "\(Format.count(everything.users)) users of a simulated shop"),
        ]
    }
}
