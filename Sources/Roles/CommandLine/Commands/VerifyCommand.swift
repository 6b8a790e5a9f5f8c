import Archive
import Numerics
import PlainText
import Runtime
import Storage
import Synchronization
import System

extension CommandLineTool {
    static let verifyCommand = Command(
        "verify", "rebuild every profile from the log and compare",
        options: [
            Option("workers", value: "NUMBER", "threads that rebuild (default: one per core)"),
            Option("partition", value: "NUMBER", "only this partition, 0 to 63"),
            Option("all", "list the partitions that are equal too"),
            Option("deep", "read every byte of log, states, base, models and lists too"),
        ],
        example: "limn verify --workers 4",
        details: """
            Folds the log again, cut in other blocks than the workers saw, up to where each
            partition's state stands, and compares SHA-256 over every key and state. Works while
            the cluster runs. Looks through the whole log as well, each group and block against its
            checksum. A state that should be there and is not is damage. Ends with 0 when all is
            equal and whole, 1 when something is not. With --deep every other file that has a sum
            is read and what is damaged is named; a backup is checked by limn backup --verify.
            """
    ) { invocation in
        let workers = try invocation.number("workers", default: Parallel.cores, in: 1...64)
        let partition = try invocation.number("partition", default: -1, in: 0...63)
        let partitions = partition < 0 ? Array(0..<Endpoints.partitions) : [partition]
        let bar = SharedBar("verify", unit: "records", terminal: invocation.terminal)
        do {
            let folder = try DataFolder(invocation.folder)
            try folder.requireInitialised()
            let verdicts = try Verification(folder, threads: workers)
                .run(partitions, progress: bar.update)
            // Of one partition is asked in a hurry; the log is looked through with all of them.
            let log = partition < 0 ? try LogVerification(folder).run() : nil
            let damaged = invocation.has("deep") ? try DeepCheck(folder).run() : []
            let seconds = bar.finish()
            return VerifyReport(verdicts, log: log, damaged, workers: workers, seconds: seconds)
                .show(invocation)
        } catch {
            _ = bar.finish()
            throw CommandFailure(archive: error)
        }
    }
}

/// A progress bar that several threads move.
final class SharedBar: Sendable {
    private let bar: Mutex<ProgressBar>
    private let unit: String

    init(_ label: String, unit: String, terminal: Terminal) {
        bar = Mutex(ProgressBar(label, terminal: terminal))
        self.unit = unit
    }

    var update: Progress {
        { done, all in
            let share = all.map { $0 > 0 ? Double(done) / Double($0) : 1 }
            self.bar.withLock { $0.update(done, unit: self.unit, share: share) }
        }
    }

    /// Removes the bar; answers the seconds since the start.
    func finish() -> Double {
        bar.withLock {
            $0.finish()
            return $0.elapsed
        }
    }
}

extension CommandFailure {
    /// What went wrong in the archive, as the shell gets it.
    init(archive error: any Error) {
        if error is CommandFailure || error is StartFailure {
            self.init(of: error)
            return
        }
        let failure = ArchiveFailure(error)
        switch failure {
        case .refused(let text, let hint): self.init(.usage, text, hint: hint)
        case .damaged, .gap: self.init(.data, failure.description)
        case .inputOutput(let text): self.init(.inputOutput, text)
        }
    }
}

/// The verdicts for people and machines.
struct VerifyReport {
    private let verdicts: [PartitionVerdict]
    /// Nil where only one partition was asked for.
    private let log: LogVerification.Outcome?
    /// What a deep look has found.
    private let damaged: [DamagedFile]
    private let workers: Int
    private let seconds: Double

    init(
        _ verdicts: [PartitionVerdict], log: LogVerification.Outcome?, _ damaged: [DamagedFile],
        workers: Int, seconds: Double
    ) {
        self.verdicts = verdicts
        self.log = log
        self.damaged = damaged
        self.workers = workers
        self.seconds = seconds
    }

    private var bad: [PartitionVerdict] { verdicts.filter { !$0.isEqual } }
    private var users: Int { verdicts.reduce(0) { $0 + $1.users } }
    private var folded: Int {
        verdicts.reduce(0) { $0 + Int($1.applied - min($1.base, $1.applied)) }
    }
    /// One digest for all: of the partitions' digests in their order.
    private var overall: String {
        Digest.sha256Hex(Array(verdicts.map(\.stored).joined(separator: "\n").utf8))
    }

    func show(_ invocation: Invocation) -> ExitCode {
        if invocation.wantsJSON {
            invocation.terminal.print(json)
        } else {
            showTables(invocation)
        }
        return bad.isEmpty && damages.isEmpty && damaged.isEmpty ? .success : .negative
    }

    private var damages: [LogDamage] { log?.damages ?? [] }

    private func showLog(_ terminal: Terminal) {
        guard let log else { return }
        for damage in damages { terminal.print(terminal.style.red("log: ") + damage.description) }
        let result =
            damages.isEmpty
            ? terminal.style.green("whole") : terminal.style.red("\(damages.count) damaged")
        let name = log.identity.map { " \($0.name)" } ?? ""
        terminal.print("log\(name), \(Format.count(log.groups)) groups: \(result)")
    }

    private func showTables(_ invocation: Invocation) {
        let terminal = invocation.terminal
        let shown = invocation.has("all") ? verdicts : bad
        if !shown.isEmpty {
            var table = Table([
                .init("partition", .right), .init("from", .right), .init("to", .right),
                .init("users", .right), .init("differ", .right), .init("sha256"),
                .init("verdict", widthMax: 70),
            ])
            for verdict in shown {
                let text = verdict.problem ?? (verdict.isEqual ? "equal" : "different")
                table.add([
                    "\(verdict.partition)", "\(verdict.base)", "\(verdict.applied)",
                    Format.count(verdict.users), "\(verdict.differing)",
                    String(verdict.stored.prefix(12)), text,
                ])
            }
            terminal.print(table.rendered(on: terminal))
        }
        for verdict in bad {
            for difference in verdict.differences {
                let name = difference.userID.isEmpty ? "key \(difference.key)" : difference.userID
                terminal.print("partition \(verdict.partition), user \(VisibleText.line(name))")
                for field in difference.fields { terminal.print("  \(VisibleText.line(field))") }
            }
        }
        showLog(terminal)
        for file in damaged { terminal.print("damaged: \(file.file): \(file.problem)") }
        let faults = [
            bad.isEmpty ? nil : "\(bad.count) differ",
            damaged.isEmpty ? nil : "\(damaged.count) damaged",
        ].compactMap { $0 }.joined(separator: ", ")
        let result =
            faults.isEmpty ? terminal.style.green("all equal") : terminal.style.red(faults)
        terminal.print(
            "\(verdicts.count) partitions, \(Format.count(users)) users, "
                + "\(Format.count(folded)) records folded again with \(workers) workers in "
                + "\(Format.duration(seconds)): \(result)\nsha256 \(overall)")
    }

    private var json: JSONValue {
        .object([
            ("equal", .bool(bad.isEmpty)), ("log_whole", .bool(damages.isEmpty)),
            ("log_damages", .array(damages.map { .string($0.description) })),
            (
                "damaged",
                .array(
                    damaged.map {
                        .object([("file", .string($0.file)), ("problem", .string($0.problem))])
                    })
            ), ("workers", .integer(Int64(workers))),
            ("users", .integer(Int64(users))), ("records", .integer(Int64(folded))),
            ("seconds", .number(seconds)), ("sha256", .string(overall)),
            ("partitions", .array(verdicts.map(Self.json))),
        ])
    }

    private static func json(_ verdict: PartitionVerdict) -> JSONValue {
        .object([
            ("partition", .integer(Int64(verdict.partition))), ("equal", .bool(verdict.isEqual)),
            ("base", .integer(Int64(clamping: verdict.base))),
            ("applied", .integer(Int64(clamping: verdict.applied))),
            ("log_end", .integer(Int64(clamping: verdict.logEnd))),
            ("users", .integer(Int64(verdict.users))), ("stored", .string(verdict.stored)),
            ("rebuilt", .string(verdict.rebuilt)),
            ("differing", .integer(Int64(verdict.differing))),
            ("problem", verdict.problem.map { .string($0) } ?? .null),
            (
                "differences",
                .array(
                    verdict.differences.map { difference in
                        .object([
                            ("user", .string(difference.userID)),
                            ("key", .string("\(difference.key)")),
                            ("fields", .array(difference.fields.map { .string($0) })),
                        ])
                    })
            ),
        ])
    }
}
