import PlainText

extension CommandLineTool {
    static let benchCommand = Command(
        "bench",
        "measure this machine: pipeline, freshness, scoring, features, audience and more",
        operands: "WHAT", count: 1...1,
        options: [
            Option("events", value: "NUMBER", "events sent (default 1M)"),
            Option(
                "users", value: "NUMBER", "users they are of (default 100k; start, audience: 1M)"),
            Option("workers", value: "NUMBER", "feature workers (default 1)"),
            Option(
                "hot-users", value: "NUMBER", "users a worker holds in memory (default: by size)"),
            Option("rate", value: "NUMBER", "freshness: events per second beside it (default 50k)"),
            Option("seconds", value: "NUMBER", "scoring, freshness: length (default 8)"),
        ],
        example: "limn bench pipeline --events 2M --json"
    ) { invocation in
        let what = invocation.operands[0]
        guard let bench = benches[what] else {
            let near = Suggestion.nearest(to: what, among: benches.keys.sorted())
            let known = benches.keys.sorted().joined(separator: " or ")
            throw CommandFailure(
                .usage, "there is no bench \"\(what)\"",
                hint: near.map { "did you mean \($0)?" }
                    ?? (known.isEmpty ? "none is built in" : "known: \(known)"))
        }
        return try bench(invocation)
    }

    /// Benches by name; each lives in a file of its own beside this one.
    static let benches: [String: @Sendable (Invocation) throws -> ExitCode] = [
        "pipeline": benchPipeline, "curve": benchCurve, "freshness": benchFreshness,
        "scoring": benchScoring, "start": benchStart, "audience": benchAudience,
        "features": benchFeatures, "limits": benchLimits,
    ]
}
