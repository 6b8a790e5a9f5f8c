import Messages

extension CommandLineTool {
    /// Requests per second and latency of recommendations.
    static func benchScoring(_ invocation: Invocation) throws -> ExitCode {
        var bench = ScoringBench()
        bench.seconds = try invocation.number("seconds", default: 8, in: 1...600)
        let terminal = invocation.terminal
        let report = try bench.run { stage in terminal.writeError("\(stage) …\n") }
        if invocation.wantsJSON {
            terminal.print(json(report))
        } else {
            terminal.print(
                "top 10 of \(Format.count(report.items)) items "
                    + "for \(Format.count(report.users)) users, "
                    + "encrypted, one client")
            terminal.print(
                "  greatest rate   \(Format.count(Int(report.saturatedPerSecond)))/s   "
                    + quantiles(report.saturated))
            terminal.print(
                "  at half of it   \(Format.count(Int(report.pacedPerSecond)))/s   "
                    + quantiles(report.paced))
            for (name, seconds) in report.processors {
                let each = seconds / Double(report.saturated.count) * 1e6
                terminal.print(
                    "  \(name.padded(to: 14))  \(Format.decimal(each, 1)) µs processor time "
                        + "per request"
                )
            }
            terminal.print("  failures \(report.failures), not personal \(report.fallbacks)")
        }
        return report.failures == 0 ? .success : .negative
    }

    static func quantiles(_ latencies: Latencies) -> String {
        "p50 \(Format.decimal(latencies.quantile(0.5) / 1000, 2)) ms   "
            + "p99 \(Format.decimal(latencies.quantile(0.99) / 1000, 2)) ms"
    }

    private static func json(_ report: ScoringBench.Report) -> JSONValue {
        .object([
            ("items", .integer(Int64(report.items))),
            ("users", .integer(Int64(report.users))),
            ("requests_per_second", .number(report.saturatedPerSecond)),
            ("p50_us", .number(report.saturated.quantile(0.5))),
            ("p99_us", .number(report.saturated.quantile(0.99))),
            ("half_load_per_second", .number(report.pacedPerSecond)),
            ("half_load_p50_us", .number(report.paced.quantile(0.5))),
            ("half_load_p99_us", .number(report.paced.quantile(0.99))),
            ("failures", .integer(Int64(report.failures))),
            ("fallbacks", .integer(Int64(report.fallbacks))),
            (
                "processor_us_per_request",
                perEvent(report.processors, report.saturated.count)
            ),
        ])
    }
}
