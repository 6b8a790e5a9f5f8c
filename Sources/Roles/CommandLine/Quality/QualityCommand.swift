import Archive
import Cleaning
import ConfiguredRules
import Events
import Messages
import Runtime
import Storage
import System

extension CommandLineTool {
    static let qualityCommand = Command(
        "quality", "what records hold, what is odd about them, and what cleaning did",
        operands: "[FILE...]", count: 0...16,
        options: [
            Option("rules", "print rules that would help, ready for limn.json5"),
            Option("all", "fields that nobody fills, too"),
            Option("outliers", value: "NAME", "what is far out by: iqr (default) or z-score"),
            Option("fill", value: "NAME", "fill what is missing with the median, mean or mode"),
            Option("by", value: "FIELD", "with --fill: each group of this field with its own"),
            Option("mapping", value: "NAME|FILE", "how columns become fields (default: auto)"),
            Option("source", value: "NAME", "files: the source whose rules are tried"),
            Option("limit", value: "ROWS", "read only so many (default: 1,000,000 of the log)"),
        ],
        example: "limn quality orders.csv.xz --rules",
        details: """
            With files: how much of each field is there, what it holds, blanks, spellings, numbers
            far out, events that come twice; and what the rules of cleaning in limn.json5 would do.
            Without: the same of the log, beside the running cluster, with what the rules did since
            ingest was started, and the rejects by code. Bounds and fillings that --rules prints are
            fitted to what was read; in the configuration they stay what they are. Without --fill
            only prices are filled, with the median of their category. Events that are there more
            than once may all be true; the rules that drop them are for you to choose.
            """
    ) { invocation in
        let report =
            try invocation.operands.isEmpty
            ? QualityReport.ofLog(invocation) : QualityReport.ofFiles(invocation)
        if invocation.has("rules") {
            invocation.terminal.print(report.rules)
        } else if invocation.wantsJSON {
            invocation.terminal.print(report.json)
        } else {
            invocation.terminal.print(
                report.words(on: invocation.terminal, all: invocation.has("all")))
        }
        return report.survey.records == 0 ? .negative : .success
    }
}

/// Records looked through, with what cleaning did or would do.
struct QualityReport {
    /// A rule's decisions on the records of one source.
    struct Decision {
        var rule: String
        var source: String
        var decision: String
        var count: Int
    }

    var survey = RecordSurvey()
    var title = ""
    var decisions: [Decision] = []
    /// Refused rows or records, by code.
    var refused: [(code: String, count: Int)] = []
    /// What could not be said.
    var notes: [String] = []

    // Only whether two events are the same is asked of it.
    private static let anyKey = HashKey((Entropy.uint64(), Entropy.uint64()))

    static func ofFiles(_ invocation: Invocation) throws -> QualityReport {
        var report = QualityReport(survey: RecordSurvey(try choices(invocation), key: Self.anyKey))
        let plan = try plan(invocation)
        let source = invocation.text("source") ?? ""
        let concerned = plan.concerning(source: source)
        var counts = CleaningCounts()
        var memory = RepeatMemory()
        var errors = RowErrorReport()
        let limit = try invocation.number("limit", default: .max, in: 1...Int.max)
        var bar = ProgressBar("read", terminal: invocation.terminal)
        var rows = 0
        for path in invocation.operands {
            var reader = try RecordReader(path, mappingName: invocation.text("mapping") ?? "auto")
            defer { reader.close() }
            while reader.rows < limit, let row = try reader.next() {
                switch row {
                case .failed(let error): errors.add(error)
                case .record(let record):
                    guard var content = record.content else { continue }
                    report.survey.add(content)
                    let refusal = plan.clean(&content, concerned) { rule, decision in
                        counts.note(rule, decision, source: source)
                    }
                    guard refusal == nil else { continue }
                    let sights = plan.sights(of: content, concerned, Self.anyKey)
                    if let rule = memory.rule(knowing: sights) {
                        counts.note(rule, .repeated, source: source)
                    } else {
                        memory.note(sights)
                        memory.commit()
                    }
                }
                if reader.rows & 0xFF == 0 {
                    bar.update(reader.rows, unit: "rows", share: reader.share)
                }
            }
            rows += reader.rows
        }
        bar.finish()
        report.title =
            "\(Format.count(rows)) rows of \(invocation.operands.joined(separator: ", "))"
        report.decisions = counts.counts.map { key, count in
            Decision(
                rule: plan.rules[key.rule].name, source: source,
                decision: "would be \(key.decision.rawValue)", count: Int(count))
        }
        report.refused = RowError.Code.allCases.compactMap { code in
            errors.byCode[code].map { (code.rawValue, $0) }
        }
        report.sort()
        return report
    }

    private static func choices(_ invocation: Invocation) throws(CommandFailure) -> SurveyChoices {
        var choices = SurveyChoices()
        choices.outliers = try invocation.choice("outliers") ?? .iqr
        choices.fill = try invocation.choice("fill")
        choices.by = invocation.text("by") ?? ""
        guard !choices.by.isEmpty else { return choices }
        guard choices.fill != nil else {
            throw CommandFailure(
                .usage, "--by needs --fill", hint: "--fill median --by \(choices.by)")
        }
        guard RecordKind.allCases.contains(where: { RecordField(choices.by, of: $0) != nil }) else {
            throw CommandFailure(
                .usage, "there is no field \"\(choices.by)\"",
                hint: RecordField.texts(.event).joined(separator: ", ") + ", properties.KEY")
        }
        return choices
    }

    private static func plan(_ invocation: Invocation) throws -> CleaningPlan {
        let folder = try DataFolder(invocation.folder)
        let configuration = try folder.configuration()
        do throws(CleaningFailure) {
            return try configuration.cleaningPlan()
        } catch {
            throw CommandFailure(.configuration, "\(folder.configurationFile): \(error)")
        }
    }

    static func ofLog(_ invocation: Invocation) throws -> QualityReport {
        var report = QualityReport(survey: RecordSurvey(try choices(invocation), key: Self.anyKey))
        let folder = try DataFolder(invocation.folder)
        try folder.requireInitialised()
        let log = try SQLiteEventLog(folder: folder.logFolder, readOnly: true)
        let limit = try invocation.number("limit", default: 1_000_000, in: 1...Int.max)
        let (kept, read) = try report.scan(log, limit, invocation)
        report.title =
            "\(Format.count(read)) of the \(Format.count(kept)) records in the log"
        report.refused = try log.rejectCounts().map { code, count in
            (ErrorCode(rawValue: Int32(code)).name, count)
        }
        report.askIngest(invocation)
        report.sort()
        return report
    }

    /// The newest records of every partition, as many of each as are fair.
    private mutating func scan(
        _ log: SQLiteEventLog, _ limit: Int, _ invocation: Invocation
    ) throws -> (kept: Int, read: Int) {
        let ends = try log.ends()
        let firsts = try log.firsts()
        let kept = zip(ends, firsts).reduce(0) { $0 + Int($1.0 - $1.1) }
        var bar = ProgressBar("read", terminal: invocation.terminal)
        var read = 0
        for partition in ends.indices {
            let held = Int(ends[partition] - firsts[partition])
            let fair = kept <= limit ? held : held * limit / kept
            try LogScan(log, partition: partition).forEachRecord(
                from: ends[partition] - UInt64(fair), to: ends[partition]
            ) { _, record in
                guard let content = try? Record(decoding: record).content else { return }
                survey.add(content)
                read += 1
                if read & 0xFF == 0 {
                    bar.update(
                        read, unit: "records", share: Double(read) / Double(min(kept, limit)))
                }
            }
        }
        bar.finish()
        return (kept, read)
    }

    private mutating func askIngest(_ invocation: Invocation) {
        do throws(CommandFailure) {
            let status = try invocation.cluster().ask(
                .supervisor, StatusRequest(), as: Status.self, timeoutMs: 3_000)
            for counter in status.roles.flatMap(\.counters)
            where counter.name.hasPrefix("cleaned.") {
                let parts = counter.name.dropFirst("cleaned.".count).split(separator: "/")
                guard parts.count >= 3 else { continue }
                decisions.append(
                    Decision(
                        rule: String(parts[0]),
                        source: parts[1..<parts.count - 1].joined(separator: "/"),
                        decision: String(parts[parts.count - 1]), count: Int(counter.value)))
            }
        } catch {
            notes.append("what cleaning did is not known: \(error.message)")
        }
    }

    private mutating func sort() {
        decisions.sort { ($0.rule, $0.source, $0.decision) < ($1.rule, $1.source, $1.decision) }
        refused.sort { ($0.count, $1.code) > ($1.count, $0.code) }
    }
}
