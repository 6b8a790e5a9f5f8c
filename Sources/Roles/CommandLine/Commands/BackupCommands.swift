import Archive
import Numerics
import Runtime
import System

extension CommandLineTool {
    static let backupCommand = Command(
        "backup", "copy everything into a new folder, while the cluster runs", operands: "DIR",
        count: 1...1,
        options: [
            Option("keys", "with the secret keys; keep such a backup as safe as they are"),
            Option("verify", "check an existing backup instead: every file against its SHA-256"),
        ],
        example: "limn backup /backups/shop-$(date +%F)",
        details: """
            States first, log last, each as one unchanging view, then a manifest with SHA-256 of
            every file. DIR must not exist; it appears when everything is on disk. Until then it is
            DIR.partial, which a killed backup leaves behind and the next one replaces. While it
            copies the log, the log's write-ahead file grows by what comes in.
            """
    ) { invocation in
        let target = invocation.operands[0]
        if invocation.has("verify") { return try verifyBackup(target, invocation) }
        let bar = SharedBar("backup", unit: "bytes", terminal: invocation.terminal)
        do {
            let folder = try DataFolder(invocation.folder)
            try folder.requireInitialised()
            var backup = Backup(
                of: folder, to: target, withKeys: invocation.has("keys"), progress: bar.update)
            let manifest = try backup.run()
            showBackup(manifest, target, seconds: bar.finish(), invocation)
            return .success
        } catch {
            _ = bar.finish()
            throw CommandFailure(archive: error)
        }
    }

    private static func showBackup(
        _ manifest: BackupManifest, _ target: String, seconds: Double, _ invocation: Invocation
    ) {
        let terminal = invocation.terminal
        if invocation.wantsJSON {
            terminal.print(
                .object([
                    ("folder", .string(Files.absolute(target))),
                    ("files", .integer(Int64(manifest.files.count))),
                    ("bytes", .integer(Int64(manifest.bytes))),
                    ("records", .integer(Int64(clamping: manifest.records))),
                    ("received_from_ms", .integer(manifest.receivedFromMs)),
                    ("received_to_ms", .integer(manifest.receivedToMs)),
                    ("keys", .bool(manifest.hasKeys)), ("seconds", .number(seconds)),
                ]))
            return
        }
        let rate = Format.bytes(Int(Double(manifest.bytes) / max(seconds, 0.001)))
        terminal.print(
            """
            \(terminal.style.green("made")) \(Files.absolute(target)): \
            \(Format.count(manifest.files.count)) files, \(Format.bytes(manifest.bytes)) in \
            \(Format.duration(seconds)), \(rate)/s
              log     \(Format.count(Int(clamping: manifest.records))) records, \
            \(Format.time(manifest.receivedFromMs)) to \(Format.time(manifest.receivedToMs)) UTC
              keys    \(manifest.hasKeys ? "included: keep it safe" : "not included")
              check   limn backup --verify \(target)
              restore limn restore \(target) --into NEWFOLDER
            """)
    }

    private static func verifyBackup(
        _ target: String, _ invocation: Invocation
    ) throws -> ExitCode {
        let bar = SharedBar("check", unit: "bytes", terminal: invocation.terminal)
        do {
            let manifest = try BackupManifest.load(target)
            let problems = manifest.problems(in: target, progress: bar.update)
            let seconds = bar.finish()
            let terminal = invocation.terminal
            if invocation.wantsJSON {
                terminal.print(
                    .object([
                        ("good", .bool(problems.isEmpty)),
                        ("files", .integer(Int64(manifest.files.count))),
                        ("bytes", .integer(Int64(manifest.bytes))),
                        (
                            "problems",
                            .array(
                                problems.map {
                                    .object([
                                        ("file", .string($0.file)),
                                        ("problem", .string($0.problem)),
                                    ])
                                })
                        ),
                    ]))
            } else {
                for problem in problems { terminal.print("\(problem.file): \(problem.problem)") }
                let result =
                    problems.isEmpty
                    ? terminal.style.green("good") : terminal.style.red("damaged")
                terminal.print(
                    "\(Format.count(manifest.files.count)) files, "
                        + "\(Format.bytes(manifest.bytes)) in \(Format.duration(seconds)), made "
                        + "\(Format.time(manifest.finishedMs)) by \(manifest.build): \(result)")
            }
            return problems.isEmpty ? .success : .negative
        } catch {
            _ = bar.finish()
            throw CommandFailure(archive: error)
        }
    }

    static let restoreCommand = Command(
        "restore", "make a new data folder from a backup", operands: "BACKUP", count: 1...1,
        options: [
            Option("into", value: "NEWFOLDER", "where; must not exist, or be empty"),
            Option(
                "until", value: "TIME",
                "leave out what came in later (2026-11-24T18:30:00Z, or Unix milliseconds)"),
            Option(
                "forget-producers",
                "take batches again that the log had beyond TIME, as if never sent"),
        ],
        example: "limn restore /backups/shop-2026-11-24 --into /srv/shop2 --until "
            + "2026-11-24T18:30:00Z",
        details: """
            Checks every file first. With --until, the log is cut after the last commit up to that
            moment, and states that are ahead of it are folded again. Without keys in the backup,
            new ones are made. Producers go on with their next batch; what was cut away comes again
            only from a producer with a new name or epoch, or with --forget-producers.
            """
    ) { invocation in
        guard let target = invocation.text("into") else {
            throw CommandFailure(
                .usage, "--into NEWFOLDER is missing",
                hint: "for example: limn restore "
                    + "\(invocation.operands[0]) --into /srv/shop2")
        }
        let until = try invocation.moment("until")
        let bar = SharedBar("restore", unit: "", terminal: invocation.terminal)
        do {
            let outcome = try Restore(
                invocation.operands[0], into: target, progress: bar.update
            ).run(
                until: until, forgettingProducers: invocation.has("forget-producers"),
                threads: Parallel.cores)
            showRestore(outcome, seconds: bar.finish(), invocation)
            return .success
        } catch {
            _ = bar.finish()
            throw CommandFailure(archive: error)
        }
    }

    private static func showRestore(
        _ outcome: Restore.Outcome, seconds: Double, _ invocation: Invocation
    ) {
        let terminal = invocation.terminal
        if invocation.wantsJSON {
            terminal.print(
                .object([
                    ("folder", .string(outcome.folder)),
                    ("records", .integer(Int64(clamping: outcome.records))),
                    ("cut_records", .integer(Int64(clamping: outcome.cutRecords))),
                    ("rebuilt_partitions", .array(outcome.rebuilt.map { .integer(Int64($0)) })),
                    ("old_keys", .bool(outcome.hasOldKeys)), ("seconds", .number(seconds)),
                ]))
            return
        }
        let keys =
            outcome.hasOldKeys
            ? "from the backup" : "new: give clients keys/client.json of the new folder"
        terminal.print(
            """
            \(terminal.style.green("made")) \(outcome.folder) in \(Format.duration(seconds))
              log     \(Format.count(Int(clamping: outcome.records))) records, \
            \(Format.count(Int(clamping: outcome.cutRecords))) cut away
              states  \(outcome.rebuilt.count) partitions folded again
              keys    \(keys)
            next: limn verify --folder \(outcome.folder), then limn-supervisor --folder \
            \(outcome.folder)
            """)
    }
}

extension Invocation {
    /// A moment in Unix milliseconds: ISO 8601, or the number itself.
    func moment(_ name: String) throws(CommandFailure) -> Int64? {
        guard let text = text(name) else { return nil }
        if let number = Int64(text) { return number }
        guard let moment = TimeFormat.iso(Array(text.utf8)) else {
            throw CommandFailure(
                .usage, "--\(name) \(text) is not a moment",
                hint: "write 2026-11-24T18:30:00Z, or Unix milliseconds")
        }
        return moment
    }
}
