/// One picture of `limn top` as a line of JSON.
enum TopJSON {
    static func value(_ sample: TopSample) -> JSONValue {
        func rate(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }
        return .object([
            ("state", .string(sample.state)),
            ("uptime_seconds", .number(sample.uptimeSeconds)),
            ("accepted_per_second", rate(sample.acceptedRate)),
            ("applied_per_second", rate(sample.appliedRate)),
            ("answered_per_second", rate(sample.answeredRate)),
            ("lag", .number(sample.lag)), ("commit_ms", .number(sample.commitMs)),
            ("latency_p50_us", .number(sample.p50Us)), ("latency_p99_us", .number(sample.p99Us)),
            ("rejected", .number(sample.rejected)),
            ("refused_batches", .number(sample.refused)),
            ("stale_answers", .number(sample.stale)),
            ("restarts", .integer(Int64(sample.restarts))),
            ("processes", .array(sample.processes.map(process))),
        ])
    }

    private static func process(_ process: TopSample.Process) -> JSONValue {
        .object([
            ("name", .string(process.name)), ("state", .string(process.state)),
            ("pid", .integer(Int64(process.pid))),
            ("uptime_seconds", .number(process.uptimeSeconds)),
            ("restarts", .integer(Int64(process.restarts))),
            ("cpu", process.cpu.map { .number($0) } ?? .null),
            ("rss_bytes", .number(process.rssBytes)),
            ("descriptors", .number(process.descriptors)),
            ("loop_lag_ms", .number(process.loopLagMs)),
            ("waiting", .integer(Int64(clamping: process.waiting))),
            ("reason", .string(process.reason)),
        ])
    }
}
