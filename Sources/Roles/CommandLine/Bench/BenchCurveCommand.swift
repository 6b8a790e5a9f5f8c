extension CommandLineTool {
    /// The cost of an event while events and users grow: flat is what one wants to see.
    static func benchCurve(_ invocation: Invocation) throws -> ExitCode {
        let hot = try invocation.number("hot-users", default: 0, in: 0...10_000_000)
        let most = try invocation.number("events", default: 10_000_000, in: 100_000...100_000_000)
        var rows: [(events: Int, users: Int)] = []
        var events = 100_000
        while events <= most {
            rows.append((events, 100_000))
            events *= 10
        }
        rows += [10_000, 1_000_000].map { (min(most, 2_000_000), $0) }
        let terminal = invocation.terminal
        var table = Table([
            .init("events", .right), .init("users", .right), .init("committed/s", .right),
            .init("ingest µs", .right), .init("features µs", .right), .init("features mem", .right),
            .init("per user", .right),
        ])
        var reports: [PipelineBench.Report] = []
        for row in rows {
            var bench = PipelineBench()
            (bench.events, bench.users, bench.hotUsers) = (row.events, row.users, hot)
            bench.measuresLimits = false
            terminal.writeError(
                "\(Format.count(row.events)) events, \(Format.count(row.users)) users …\n")
            let report = try bench.run { _ in }
            func each(_ name: String) -> String {
                let seconds = report.processors.first { $0.name == name }?.seconds ?? 0
                return Format.decimal(seconds / Double(report.events) * 1e6, 2)
            }
            let memory = Int(report.memory.first { $0.name == "features-0" }?.bytes ?? 0)
            table.add([
                Format.count(row.events), Format.count(row.users),
                Format.count(Int(report.committedPerSecond)), each("ingest-0"), each("features-0"),
                Format.bytes(memory), Format.bytes(memory / min(row.users, row.events)),
            ])
            reports.append(report)
        }
        if invocation.wantsJSON {
            terminal.print(.array(reports.map { json($0) }))
        } else {
            terminal.print(table.rendered(on: terminal))
        }
        return reports.allSatisfy(\.isAccounted) ? .success : .negative
    }
}
