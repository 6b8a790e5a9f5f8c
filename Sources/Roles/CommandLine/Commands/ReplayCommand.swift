import Archive
import Events
import Identity
import Messages
import Numerics
import Portrait
import Profiles
import Risk
import Runtime
import System

extension CommandLineTool {
    static let replayCommand = Command(
        "replay", "fold the log again into a new folder",
        options: [
            Option("into", value: "NEWFOLDER", "where; must not exist, or be empty"),
            Option(
                "until", value: "TIME|OFFSET",
                "end there (2026-11-24T18:30:00Z, Unix milliseconds; with --partition an offset)"),
            Option("partition", value: "NUMBER", "only this partition; states without a log"),
            Option(
                "from-offset", value: "OFFSET",
                "with --partition: as if nothing had been before this offset"),
            Option("states", "states without a copy of the log"),
            Option("workers", value: "NUMBER", "threads that fold (default: one per core)"),
        ],
        example: "limn replay --into /tmp/yesterday --until 2026-11-24T00:00:00Z",
        details: """
            Without --states or --partition the new folder is a whole one, with configuration, new
            keys and a copy of the log up to the end: a supervisor can start on it. The source's
            cluster may run meanwhile. Look at a user with: limn profile USER --offline --folder
            NEWFOLDER.
            """
    ) { invocation in
        guard let target = invocation.text("into") else {
            throw CommandFailure(
                .usage, "--into NEWFOLDER is missing", hint: "limn replay --into /tmp/again")
        }
        let partition = try invocation.number("partition", default: -1, in: 0...63)
        let start = try invocation.number("from-offset", default: -1, in: 0...Int.max)
        guard start < 0 || partition >= 0 else {
            throw CommandFailure(
                .usage, "--from-offset needs --partition",
                hint: "each partition counts its records from 0")
        }
        let end = try replayEnd(invocation, hasPartition: partition >= 0)
        let workers = try invocation.number("workers", default: Parallel.cores, in: 1...64)
        let bar = SharedBar("replay", unit: "records", terminal: invocation.terminal)
        do {
            let folder = try DataFolder(invocation.folder)
            try folder.requireInitialised()
            let replay = Replay(of: folder, into: target, progress: bar.update)
            let outcome =
                partition < 0 && !invocation.has("states")
                ? try replay.all(until: end, threads: workers)
                : try replay.states(
                    of: partition < 0 ? nil : partition, from: start < 0 ? nil : UInt64(start),
                    until: end, threads: workers)
            showReplay(outcome, target, seconds: bar.finish(), invocation)
            return .success
        } catch {
            _ = bar.finish()
            throw CommandFailure(archive: error)
        }
    }

    private static func replayEnd(
        _ invocation: Invocation, hasPartition: Bool
    ) throws(CommandFailure) -> Replay.End {
        if hasPartition, let text = invocation.text("until"), let offset = UInt64(text) {
            return .offset(offset)
        }
        return try invocation.moment("until").map { .moment(timeMs: $0) } ?? .now
    }

    private static func showReplay(
        _ outcome: Replay.Outcome, _ target: String, seconds: Double, _ invocation: Invocation
    ) {
        let terminal = invocation.terminal
        let path = Files.absolute(target)
        if invocation.wantsJSON {
            terminal.print(
                .object([
                    ("folder", .string(path)),
                    ("partitions", .integer(Int64(outcome.partitions.count))),
                    ("records", .integer(Int64(outcome.records))),
                    ("users", .integer(Int64(outcome.users))),
                    ("data_folder", .bool(outcome.isDataFolder)), ("seconds", .number(seconds)),
                ]))
            return
        }
        let next =
            outcome.isDataFolder
            ? "limn-supervisor --folder \(path)" : "limn profile USER --offline --folder \(path)"
        terminal.print(
            """
            \(terminal.style.green("made")) \(path): \(outcome.partitions.count) partitions, \
            \(Format.count(outcome.users)) users, \(Format.count(outcome.records)) records in \
            \(Format.duration(seconds))
            next: \(next)
            """)
    }

    /// A profile from the state files: statistics and affinities; predictions need the models.
    static func offlineProfile(
        _ userID: String, _ invocation: Invocation
    ) throws -> Profile {
        do {
            let folder = try DataFolder(invocation.folder)
            try folder.requireInitialised()
            let graph = try LinkReader.graph(of: folder)
            let name = graph.person(of: userID)
            let partition = Partitions.partition(ofUser: name)
            guard let state = try StateReader(folder).person(of: userID, in: graph) else {
                return .unknown(name, asOfMs: Clock.wallMs(), partition: partition)
            }
            let nowMs = Clock.wallMs()
            let portrait = try Portrait(folder)
            var profile = portrait.profile(of: state, asOfMs: nowMs, partition: partition)
            profile.identities = graph.identities(of: userID)
            profile.noteProvenance(tags: portrait.tags)
            return profile
        } catch {
            throw CommandFailure(archive: error)
        }
    }
}
