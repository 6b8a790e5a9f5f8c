extension CommandLineTool {
    /// Events from socket to committed state, beside what bounds them on this machine.
    static func benchPipeline(_ invocation: Invocation) throws -> ExitCode {
        let bench = try pipelineBench(invocation)
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

    static func pipelineBench(_ invocation: Invocation) throws -> PipelineBench {
        var bench = PipelineBench()
        bench.events = try invocation.number("events", default: 1_000_000, in: 1_000...100_000_000)
        bench.users = try invocation.number("users", default: 100_000, in: 1...100_000_000)
        bench.workers = try invocation.number("workers", default: 1, in: 1...64)
        bench.hotUsers = try invocation.number("hot-users", default: 0, in: 0...10_000_000)
        return bench
    }

    static func json(_ report: PipelineBench.Report) -> JSONValue {
        var members: [(String, JSONValue)] = [
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
            ("processor_us_per_event", perEvent(report.processors, report.events)),
            (
                "memory_bytes",
                .object(report.memory.map { ($0.name, .integer(Int64($0.bytes))) })
            ),
        ]
        if let limits = report.limits {
            members += [
                ("limit_append_per_second", .number(limits.appendPerSecond)),
                ("limit_fold_per_second", .number(limits.foldPerSecond)),
                (
                    "share_of_slower_limit",
                    .number(report.committedPerSecond / limits.limitPerSecond)
                ),
            ]
        }
        return .object(members)
    }

    static func perEvent(_ list: [(name: String, seconds: Double)], _ count: Int) -> JSONValue {
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
        if let limits = report.limits { print(limits, of: report, terminal) }
        terminal.print("where the time goes (processor time per event), and memory")
        for (name, seconds) in report.processors {
            let each = seconds / Double(report.events) * 1e6
            let memory = report.memory.first { $0.name == name }.map { Int($0.bytes) }
            terminal.print(
                "  \(name.padded(to: 12))  \(Format.decimal(each, 2)) µs"
                    + (memory.map { "   \(Format.bytes($0))" } ?? ""))
        }
        terminal.print(
            "\(Format.count(report.events)) sent = "
                + "\(Format.count(Int(report.accepted))) accepted + "
                + "\(report.duplicates) duplicates + \(report.rejected) rejected; "
                + "\(Format.count(Int(report.committed))) committed"
                + (report.isAccounted ? "" : "  NOT ACCOUNTED FOR"))
    }

    private static func print(
        _ limits: PipelineLimits.Report, of report: PipelineBench.Report, _ terminal: Terminal
    ) {
        let share = report.committedPerSecond / limits.limitPerSecond
        terminal.print("what bounds it here, measured in the same run")
        terminal.print(
            "  same bytes into SQLite    \(Format.count(Int(limits.appendPerSecond)))/s")
        terminal.print(
            "  decode and fold, 1 thread \(Format.count(Int(limits.foldPerSecond)))/s")
        terminal.print("  of the slower of these    \(Format.percent(share, 0))")
    }

    /// The limits alone.
    static func benchLimits(_ invocation: Invocation) throws -> ExitCode {
        let events = try invocation.number("events", default: 1_000_000, in: 1_000...100_000_000)
        let users = try invocation.number("users", default: 100_000, in: 1...100_000_000)
        let report = try PipelineLimits(events: events, users: users, batchRecords: 500).run()
        func each(_ seconds: Double) -> Double { seconds / Double(report.events) * 1e9 }
        let rows: [(String, String, Double)] = [
            ("append_ns", "append, durable", each(report.appendSeconds)),
            ("fold_ns", "decode and fold", each(report.foldSeconds)),
            ("encode_ns", "encode states at the end", each(report.encodeSeconds)),
            (
                "state_bytes", "state, bytes per user",
                Double(report.stateBytes) / Double(max(1, report.users))
            ),
            (
                "log_bytes", "log, bytes per event",
                Double(report.logBytes) / Double(max(1, report.events))
            ),
        ]
        let terminal = invocation.terminal
        if invocation.wantsJSON {
            terminal.print(.object(rows.map { ($0.0, .number($0.2)) }))
        } else {
            terminal.print("\(Format.count(report.events)) events of \(Format.count(users)) users")
            for (key, title, value) in rows {
                let unit = key.hasSuffix("_ns") ? " ns per event" : ""
                terminal.print("  \(title.padded(to: 26))\(Format.decimal(value, 0))\(unit)")
            }
        }
        return .success
    }
}
