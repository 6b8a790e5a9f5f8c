extension CommandLineTool {
    static let benchCommand = Command(
        "bench", "measure this machine: pipeline or scoring", operands: "WHAT", count: 1...1,
        options: [
            Option("events", value: "NUMBER", "events of the pipeline run (default 1M)"),
            Option("users", value: "NUMBER", "users of the pipeline run (default 100k)"),
            Option("workers", value: "NUMBER", "feature workers of the pipeline run (default 1)"),
            Option("seconds", value: "NUMBER", "length of the scoring run (default 8)"),
        ],
        example: "limn bench pipeline --events 1M"
    ) { invocation in
        let what = invocation.operands[0]
        guard let bench = benches[what] else {
            let near = Suggestion.nearest(to: what, in: benches.keys.sorted())
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
        "pipeline": benchPipeline, "scoring": benchScoring, "fold": benchFold,
    ]
}
