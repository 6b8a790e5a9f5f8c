import Messages
import Runtime
import Storage

extension CommandLineTool {
    static let rejectsCommand = Command(
        "rejects", "list records that were refused, with reasons", operands: "[list]",
        count: 0...1,
        options: [
            Option("limit", value: "NUMBER", "how many (default 20)"),
            Option("after", value: "ID", "only those after this id (default 0)"),
        ],
        example: "limn rejects list --limit 100",
        details: "Reads the event log of the data folder; the cluster need not run."
    ) { invocation in
        guard invocation.operands.isEmpty || invocation.operands == ["list"] else {
            throw CommandFailure(
                .usage, "rejects can only list", hint: "limn rejects list")
        }
        let limit = try invocation.number("limit", default: 20, in: 1...100_000)
        let after = try invocation.number("after", default: 0, in: 0...Int.max)
        let rows: [StoredReject]
        let counts: [Int: Int]
        do {
            let folder = try DataFolder(invocation.folder)
            try folder.requireInitialised()
            let log = try SQLiteEventLog(folder: folder.logFolder, readOnly: true)
            rows = try log.rejects(after: Int64(after), limit: limit)
            counts = try log.rejectCounts()
        } catch let failure as StartFailure {
            throw CommandFailure(failure)
        } catch {
            throw CommandFailure(
                .inputOutput, "the event log cannot be read: \(error)",
                hint: "a log is there once the cluster has run in this folder")
        }
        show(rows, counts, invocation)
        return .success
    }

    private static func show(
        _ rows: [StoredReject], _ counts: [Int: Int], _ invocation: Invocation
    ) {
        let terminal = invocation.terminal
        if invocation.wantsJSON {
            for row in rows {
                terminal.print(
                    .object([
                        ("id", .integer(row.id)), ("producer", .string(row.reject.producer)),
                        ("sequence", .integer(Int64(clamping: row.reject.sequence))),
                        ("index", .integer(Int64(row.reject.index))),
                        ("code", .integer(Int64(row.reject.code))),
                        ("message", .string(row.reject.message)),
                        ("received_ms", .integer(row.reject.receivedMs)),
                        ("record", content(row.reject.record)),
                    ]))
            }
            return
        }
        guard !rows.isEmpty else {
            terminal.print("no rejects")
            return
        }
        var table = Table([
            .init("id", .right), .init("received"), .init("producer", widthMax: 24),
            .init("code"), .init("reason", widthMax: 60),
        ])
        for row in rows {
            let code = ErrorCode(rawValue: Int32(truncatingIfNeeded: row.reject.code))
            table.add([
                "\(row.id)", Format.time(row.reject.receivedMs), row.reject.producer, code.name,
                row.reject.message,
            ])
        }
        terminal.print(table.rendered(style: terminal.style))
        let total = counts.values.reduce(0, +)
        terminal.print("\(Format.count(rows.count)) of \(Format.count(total)) rejects")
    }

    private static func content(_ bytes: [UInt8]) -> JSONValue {
        guard let record = try? Record(decoding: bytes) else { return .null }
        return RecordJSON.value(record)
    }
}
