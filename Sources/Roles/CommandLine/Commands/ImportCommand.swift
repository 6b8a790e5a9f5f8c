import Foundation
import Messages
import PlainText
import Runtime
import System

extension CommandLineTool {
    static let importCommand = Command(
        "import", "send a file of events, items or users to the cluster", operands: "FILE|-",
        count: 1...1,
        options: [
            Option(
                "mapping", value: "NAME|FILE", "how columns become fields (default: auto)"),
            Option("format", value: "csv|jsonl", "instead of what the mapping says"),
            Option("dry-run", "read and check everything, send nothing"),
            Option("errors", value: "FILE", "write every row error to this CSV file"),
            Option("limit", value: "ROWS", "stop after so many rows"),
            Option("join", value: "TABLE", "a CSV whose columns fill what the records lack"),
            Option("on", value: "FIELD", "the key of --join; FIELD=COLUMN if the table differs"),
            Option("source", value: "NAME", "name of the source (default: the mapping)"),
        ],
        example: "limn import purchases.csv.gz --mapping shop.json5 --dry-run",
        details: """
            Reads CSV (any delimiter, quotes as in RFC 4180) and JSON Lines; .gz .xz .zst .bz2
            are unpacked on the way. Built-in mappings, found by themselves with auto:
              \(BuiltInMappings.all.map(\.name).joined(separator: " "))
            A CSV whose columns are called as the fields below needs none: events have user_id, type
            and time (ISO, or Unix time with 10 or 13 digits), items item_id, users user_id.
            Importing the same file in the same way again changes nothing: what the log has
            counts as duplicates, and an import that was broken off goes on.

            --join adds what another table knows, row by row: columns named as fields fill those
            that are empty, others become properties. Each key may be there once.

            A mapping file (JSON5):
              { record: "event", delimiter: ",",
                fields: { user_id: "customer", item_id: "sku", time: "when",
                          type: "action", price: "price", channel: { constant: "web" } },
                values: { type: { buy: "purchase", look: "view" } },
                time: "iso" }            // s, ms, s.fraction, iso, order
            """
    ) { invocation in
        var run = try ImportRun(invocation)
        return try run.perform()
    }
}

/// One import from first to last row.
struct ImportRun {
    private let invocation: Invocation
    private let path: String
    private var reader: RecordReader
    private let sink: (any RecordSink)?
    private let limit: Int
    private var join: TableJoin?
    private var report = RowErrorReport()
    private var errorFile: FileHandle?
    private var mapped = 0
    private var started = DispatchTime.now()

    init(_ invocation: Invocation) throws {
        self.invocation = invocation
        path = invocation.operands[0]
        limit = try invocation.number("limit", default: .max, in: 1...Int.max)
        reader = try RecordReader(path, mappingName: invocation.text("mapping") ?? "auto")
        if let format = invocation.text("format"), format != reader.mapping.format.rawValue {
            throw CommandFailure(
                .usage, "mapping \(reader.mapping.name) reads \(reader.mapping.format.rawValue)",
                hint: "leave --format away, or name another --mapping")
        }
        if let table = invocation.text("join") {
            join = try TableJoin(table, on: invocation.text("on"))
        }
        let source = invocation.text("source") ?? reader.mapping.name
        sink =
            invocation.has("dry-run")
            ? nil : try Self.sink(invocation, path: path, source: source)
        if let file = invocation.text("errors") { errorFile = try Self.create(file) }
    }

    /// A producer that is the same for the same file read in the same way, so that its numbered
    /// batches count once however often it is imported. What comes from a pipe is new each time.
    private static func sink(
        _ invocation: Invocation, path: String, source: String
    ) throws -> any RecordSink {
        let cluster = try invocation.cluster()
        guard path != "-" else {
            return try cluster.producer(
                name: "import-\(source)", epoch: UInt64(Clock.wallMs()), source: source)
        }
        let mapping = invocation.text("mapping") ?? "auto"
        var parts = [
            try Digest.sha256Hex(file: path), mapping,
            (try? Digest.sha256Hex(file: mapping)) ?? "", invocation.text("limit") ?? "",
        ]
        if let table = invocation.text("join") {
            parts += [try Digest.sha256Hex(file: table), invocation.text("on") ?? ""]
        }
        let identity = Digest.sha256Hex(Array(parts.joined(separator: "\n").utf8)).prefix(16)
        return try cluster.producer(name: "import-\(identity)", epoch: 1, source: source)
    }

    static func create(_ path: String) throws(CommandFailure) -> FileHandle {
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let handle = FileHandle(forWritingAtPath: path)
        else {
            throw CommandFailure(
                .inputOutput, "\(path) cannot be written", hint: "choose another place")
        }
        return handle
    }

    mutating func perform() throws -> ExitCode {
        try errorFile?.write(contentsOf: Data(RowErrorReport.csvHeader.utf8))
        var bar = ProgressBar("import", terminal: invocation.terminal)
        defer {
            bar.finish()
            reader.close()
        }
        while reader.rows < limit, let row = try reader.next() {
            switch row {
            case .record(let record): try take(record)
            case .failed(let error):
                report.add(error)
                try errorFile?.write(contentsOf: Data(RowErrorReport.csvLine(error).utf8))
            }
            if reader.rows & 0xFF == 0 {
                bar.update(reader.rows, unit: "rows", share: reader.share)
            }
        }
        // An item found in the last row counted is followed by its event.
        if mapped < reader.rows - report.total + reader.items, let row = try reader.next(),
            case .record(let record) = row
        {
            try take(record)
        }
        try sink?.finish()
        bar.finish()
        let accounting = Accounting(
            rows: reader.rows, items: reader.items, rowErrors: report.total, mapped: mapped,
            tally: sink?.tally, seconds: bar.elapsed)
        show(accounting)
        if !accounting.isBalanced {
            throw CommandFailure(.bug, "the counts do not add up", hint: "please report this")
        }
        let isBad = report.total > 0 || (accounting.tally?.rejected ?? 0) > 0
        return isBad ? .negative : .success
    }

    private mutating func take(_ record: Record) throws {
        mapped += 1
        var record = record
        join?.join(&record)
        try sink?.send(record)
    }

    private func show(_ accounting: Accounting) {
        let terminal = invocation.terminal
        if invocation.wantsJSON {
            terminal.print(
                accounting.json(
                    mapping: reader.mapping.name, report: report, join: join?.json ?? .null))
            return
        }
        for line in report.lines() { terminal.print(line) }
        for reason in accounting.tally?.reasons ?? [] {
            terminal.print("  rejected: \(VisibleText.line(reason))")
        }
        if let join { terminal.print(join.words) }
        for line in accounting.lines(mapping: reader.mapping.name) { terminal.print(line) }
    }
}
