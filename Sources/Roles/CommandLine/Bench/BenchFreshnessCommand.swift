extension CommandLineTool {
    /// Event acknowledged -> visible in an answer, beside a steady load.
    static func benchFreshness(_ invocation: Invocation) throws -> ExitCode {
        var bench = FreshnessBench()
        bench.ratePerSecond = try invocation.number("rate", default: 50_000, in: 0...10_000_000)
        bench.seconds = try invocation.number("seconds", default: 8, in: 1...600)
        bench.users = try invocation.number("users", default: 100_000, in: 1...100_000_000)
        let report = try bench.run()
        let rows = [
            ("acknowledged", "sent → acknowledged", report.acknowledged),
            ("visible", "acknowledged → in an answer", report.visible),
        ]
        let terminal = invocation.terminal
        if invocation.wantsJSON {
            let figures = rows.flatMap { key, _, latencies in
                [(0.5, "p50"), (0.99, "p99")].map { share, name in
                    ("\(key)_\(name)_ms", JSONValue.number(latencies.quantile(share) / 1000))
                }
            }
            terminal.print(
                .object(
                    [
                        ("rounds", .integer(Int64(report.rounds))),
                        ("load_per_second", .number(report.sentPerSecond)),
                    ] + figures))
        } else {
            terminal.print(
                "\(report.rounds) rounds beside "
                    + "\(Format.count(Int(report.sentPerSecond))) events/s, encrypted, durable")
            for (_, title, latencies) in rows {
                terminal.print("  \(title.padded(to: 28))  \(quantiles(latencies))")
            }
        }
        return report.rounds > 0 ? .success : .negative
    }
}
