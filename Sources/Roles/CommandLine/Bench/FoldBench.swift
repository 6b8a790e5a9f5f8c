extension CommandLineTool {
    /// The two limits alone: what the disk and one thread could do.
    static func benchFold(_ invocation: Invocation) throws -> ExitCode {
        let events = try invocation.number("events", default: 1_000_000, in: 1_000...100_000_000)
        let users = try invocation.number("users", default: 100_000, in: 1...100_000_000)
        let report = try PipelineLimits(events: events, users: users, batchRecords: 500).run()
        func each(_ seconds: Double) -> String {
            "\(Format.decimal(seconds / Double(report.events) * 1e9, 0)) ns"
        }
        let terminal = invocation.terminal
        terminal.print("\(Format.count(report.events)) events of \(Format.count(users)) users")
        terminal.print("  append, durable        \(each(report.appendSeconds)) per event")
        terminal.print("  decode and fold        \(each(report.foldSeconds)) per event")
        terminal.print("  encode states at end   \(each(report.encodeSeconds)) per event")
        terminal.print(
            "  state \(report.stateBytes / max(1, report.users)) bytes per user, log "
                + "\(report.logBytes / max(1, report.events)) bytes per event")
        return .success
    }
}
