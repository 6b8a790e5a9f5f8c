import Messages
import System

extension CommandLineTool {
    static let waitCommand = Command(
        "wait", "wait until everything acknowledged is in the profiles",
        options: [Option("timeout", value: "SECONDS", "how long to wait (default 120)")],
        example: "limn wait --timeout 60",
        details: """
            Compares what ingest has on disk with what the feature workers have applied and
            committed, and prints the account: nothing may be missing, nothing counted twice.
            """
    ) { invocation in
        let seconds = try invocation.number("timeout", default: 120, in: 1...86_400)
        let began = Clock.monotonic()
        let deadline = began + .seconds(seconds)
        let cluster = try invocation.cluster()
        var bar = ProgressBar("apply", terminal: invocation.terminal)
        var hopelessSince: Duration?
        while true {
            let status = try cluster.ask(
                .supervisor, StatusRequest(), as: Status.self, timeoutMs: 5_000)
            let account = Account(status)
            // Counters are those of the last beat: what was acknowledged before this command must
            // be in them.
            let now = Clock.monotonic()
            let isSettled = account.isSettled && account.age < now - began
            if isSettled || now >= deadline {
                bar.finish()
                return report(account, isSettled: isSettled, invocation)
            }
            // What heals by itself does so within seconds.
            hopelessSince = account.problem == nil ? nil : hopelessSince ?? now
            if let problem = account.problem, let hopelessSince,
                now - hopelessSince >= hopelessAfter
            {
                bar.finish()
                throw CommandFailure(
                    .data, problem, hint: "see: limn status; limn verify says where")
            }
            bar.update(
                Int(account.applied), unit: "records",
                share: account.logged > 0 ? account.applied / account.logged : nil)
            Clock.pause(.milliseconds(200))
        }
    }

    /// How long something that waiting does not mend is watched before it is given up.
    private static let hopelessAfter: Duration = .seconds(10)

    private static func report(
        _ account: Account, isSettled: Bool, _ invocation: Invocation
    ) -> ExitCode {
        let terminal = invocation.terminal
        if invocation.wantsJSON {
            terminal.print(
                .object([
                    ("acknowledged", .integer(Int64(account.acknowledged))),
                    ("applied", .integer(Int64(account.applied))),
                    ("duplicates", .integer(Int64(account.duplicates))),
                    ("rejected", .integer(Int64(account.rejected))),
                    ("unaccounted", .integer(Int64(account.unaccounted))),
                    ("settled", .bool(isSettled)),
                ]))
        } else {
            func count(_ value: Double) -> String { Format.count(Int(value)) }
            terminal.print(
                "acknowledged \(count(account.acknowledged)) = applied \(count(account.applied)) + "
                    + "duplicates \(count(account.duplicates)) + "
                    + "rejected \(count(account.rejected)); "
                    + "unaccounted for: \(count(account.unaccounted))")
            if !isSettled {
                terminal.writeError("still under way; look at: limn status\n")
            }
        }
        return isSettled ? .success : .negative
    }
}

/// What became of all records, from the roles' own counters. A catalogue item is applied when it is
/// in the log, where every reader finds it; an event or a user when it is in the user's state on
/// disk.
struct Account {
    private(set) var logged = 0.0
    private(set) var applied = 0.0
    private(set) var duplicates = 0.0
    private(set) var rejected = 0.0
    private var dirty = 0.0
    private var workers = 0
    private var damaged = 0.0
    private var refused = 0.0
    /// Of the oldest counters in it.
    private(set) var age: Duration = .zero

    init(_ status: Status) {
        for role in status.roles {
            func counter(_ name: String) -> Double {
                role.counters.first { $0.name == name }?.value ?? 0
            }
            if role.role == "ingest" || (role.role == "features" && role.state == "ready") {
                age = max(age, .milliseconds(Int(clamping: role.silentMs)))
            }
            switch role.role {
            case "ingest":
                logged = counter("log_records")
                applied += counter("catalogue_records")
                duplicates = counter("duplicates")
                rejected = counter("rejected")
                damaged = counter("damaged_partitions")
            case "features":
                applied += counter("applied_total")
                dirty += counter("dirty_partitions")
                refused += counter("states_refused")
                workers += role.state == "ready" ? 1 : 0
            default: break
            }
        }
    }

    /// What no waiting mends; nil where there is nothing of the kind.
    var problem: String? {
        if damaged > 0 {
            return "the log is damaged in \(Int(damaged)) partitions: their users stand still"
        }
        if refused > 0 {
            return "the states of \(Int(refused)) partitions are of another log than this one"
        }
        guard unaccounted < 0 else { return nil }
        return "the states have \(Int(-unaccounted)) records more than the log: it lost its end"
    }

    /// Records of answered batches: everything in the log, and what was not taken into it.
    var acknowledged: Double { logged + duplicates + rejected }
    var unaccounted: Double { logged - applied }
    var isSettled: Bool { workers > 0 && unaccounted == 0 && dirty == 0 }
}
