import Archive
import Events
import Learning
import Profiles
import Runtime
import Segments
import System

extension CommandLineTool {
    /// Learns fifths and clusters and writes them into one file.
    static func fitSegments(_ invocation: Invocation) throws -> ExitCode {
        let setup = try SegmentSetup(invocation)
        var options = SegmentTrainer.Options()
        options.method = try method(invocation)
        options.clusters = try clusters(invocation)
        options.seed = UInt64(try invocation.number("seed", default: 1, in: 0...Int.max))
        options.key = try DataFolder(invocation.folder).hashKey()
        // A file that cannot be read any more must not keep a new one from being made.
        let before = invocation.has("fresh") ? nil : (try? setup.models.model())
        var bar = ProgressBar("read", terminal: invocation.terminal)
        do {
            var trainer = try SegmentTrainer(options: options, previous: before)
            var users = 0
            try setup.forEachView { view in
                trainer.count(view)
                users += 1
                bar.update(users, unit: "users", share: nil)
            }
            guard users > 0 else {
                bar.finish()
                invocation.terminal.print(StateSource.nobody)
                return .negative
            }
            var taken = 0
            try setup.forEachView { view in
                trainer.take(view)
                taken += 1
                bar.update(taken, unit: "users", share: Double(taken) / Double(users))
            }
            bar.finish()
            bar = ProgressBar("fit", terminal: invocation.terminal)
            let outcome = try trainer.fit(asOfMs: setup.nowMs) { share in
                bar.update(Int(share * 100), unit: "%", share: share)
            }
            bar.finish()
            let bytes = outcome.model.safetensors()
            try Files.makeFolder(Files.parent(of: setup.models.file))
            try Files.writeAtomically(setup.models.file, bytes)
            let report = SegmentFitReport(
                outcome: outcome, file: setup.models.file, bytes: bytes.count,
                seconds: bar.elapsed)
            invocation.terminal.print(
                invocation.wantsJSON
                    ? report.json.rendered() : report.words(on: invocation.terminal))
            return .success
        } catch let error as SegmentFailure {
            throw CommandFailure(
                .data, error.description, hint: "limn features shows what there is")
        }
    }
}

private struct SegmentFitReport {
    let outcome: SegmentTrainer.Outcome
    let file: String
    let bytes: Int
    let seconds: Double

    func words(on terminal: Terminal) -> String {
        let style = terminal.style
        let model = outcome.model
        var parts = [
            "\(model.label): \(Format.count(model.users)) users, fitted in "
                + "\(Format.duration(seconds))\nwrote \(file), \(Format.bytes(bytes))"
        ]
        for kind in ClusterKind.allCases {
            guard let clusters = model.clusters(kind) else { continue }
            parts.append(
                [
                    style.bold(kind.rawValue) + "  "
                        + SegmentOutput.evidence(clusters.clustering, style),
                    SegmentOutput.table(
                        clusters, counts: clusters.clusters.map(\.users), on: terminal,
                        became: became(kind)),
                    unused(clusters),
                ].filter { !$0.isEmpty }.joined(separator: "\n"))
        }
        if !outcome.notes.isEmpty {
            parts.append("not made: " + outcome.notes.joined(separator: "; "))
        }
        return parts.joined(separator: "\n\n")
    }

    private func unused(_ clusters: ClusterModel) -> String {
        let names = clusters.normaliser?.unused ?? []
        guard !names.isEmpty else { return "" }
        return "not used: "
            + names.map { "\($0.name) (\($0.why.words))" }.joined(separator: ", ")
    }

    /// What became of each cluster; nil at the first fit.
    private func became(_ kind: ClusterKind) -> [UInt32: String]? {
        guard outcome.model.version > 1, let continuity = outcome.continuity[kind] else {
            return nil
        }
        var words: [UInt32: String] = [:]
        for kept in continuity.kept {
            words[kept.cluster.id] = "kept, \(Format.percent(kept.overlap, 0)) in common"
        }
        for cluster in continuity.new { words[cluster.id] = "new" }
        return words
    }

    var json: JSONValue {
        let model = outcome.model
        return .object([
            ("version", .integer(Int64(clamping: model.version))),
            ("users", .integer(Int64(model.users))), ("as_of_ms", .integer(model.asOfMs)),
            (
                "clusters",
                .array(
                    ClusterKind.allCases.compactMap { kind in
                        model.clusters(kind).map {
                            SegmentOutput.json(
                                $0, counts: $0.clusters.map(\.users),
                                continuity: outcome.continuity[kind])
                        }
                    })
            ),
            ("notes", .array(outcome.notes.map { .string($0) })), ("file", .string(file)),
            ("bytes", .integer(Int64(bytes))), ("seconds", .number(seconds)),
        ])
    }
}
