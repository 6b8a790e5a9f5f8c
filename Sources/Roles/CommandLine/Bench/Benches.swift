import Messages

extension CommandLineTool {
    /// Events from socket to committed state.
    static func benchPipeline(_ invocation: Invocation) throws -> ExitCode {
        var bench = PipelineBench()
        bench.events = try invocation.number("events", default: 1_000_000, in: 1_000...100_000_000)
        bench.users = try invocation.number("users", default: 100_000, in: 1...100_000_000)
        bench.workers = try invocation.number("workers", default: 1, in: 1...64)
        var bar = ProgressBar("send", terminal: invocation.terminal)
        let report = try bench.run { done in
            bar.update(done, unit: "events", share: Double(done) / Double(bench.events))
        }
        bar.finish()
        if invocation.wantsJSON {
            invocation.terminal.print(json(report))
        } else {
            print(report, invocation.terminal)
        }
        return report.isAccounted ? .success : .negative
    }

    private static func json(_ report: PipelineBench.Report) -> JSONValue {
        .object([
            ("events", .integer(Int64(report.events))),
            ("users", .integer(Int64(report.users))),
            ("bytes_per_event", .number(report.bytesPerEvent)),
            ("acknowledged_per_second", .number(report.acknowledgedPerSecond)),
            ("committed_per_second", .number(report.committedPerSecond)),
            ("accepted", .integer(Int64(report.accepted))),
            ("duplicates", .integer(Int64(report.duplicates))),
            ("rejected", .integer(Int64(report.rejected))),
            ("committed", .integer(Int64(report.committed))),
            ("accounted", .bool(report.isAccounted)),
            ("processor_us_per_event", processors(report.processors, per: report.events)),
        ])
    }

    private static func processors(
        _ list: [(name: String, seconds: Double)], per count: Int
    ) -> JSONValue {
        .object(list.map { ($0.name, .number($0.seconds / Double(count) * 1e6)) })
    }

    private static func print(_ report: PipelineBench.Report, _ terminal: Terminal) {
        terminal.print(
            "\(Format.count(report.events)) events of \(Format.count(report.users)) users, "
                + "\(Format.decimal(report.bytesPerEvent, 0)) bytes each, "
                + "batches of 500, encrypted, durable")
        terminal.print(
            "  acknowledged (on disk)    \(Format.count(Int(report.acknowledgedPerSecond)))/s")
        terminal.print(
            "  committed (user state)    \(Format.count(Int(report.committedPerSecond)))/s")
        terminal.print("where the time goes (processor time per event)")
        for (name, seconds) in report.processors {
            let each = seconds / Double(report.events) * 1e6
            terminal.print("  \(name.padded(to: 12))  \(Format.decimal(each, 2)) µs")
        }
        terminal.print(
            "\(Format.count(report.events)) sent = "
                + "\(Format.count(Int(report.accepted))) accepted + "
                + "\(report.duplicates) duplicates + \(report.rejected) rejected; "
                + "\(Format.count(Int(report.committed))) committed"
                + (report.isAccounted ? "" : "  NOT ACCOUNTED FOR"))
    }

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

    private static func quantiles(_ latencies: ScoringBench.Latencies) -> String {
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
                processors(report.processors, per: report.saturated.count)
            ),
        ])
    }
}
