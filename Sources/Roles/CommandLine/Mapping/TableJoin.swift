import Cleaning
import Events
import Messages

/// A table of somebody else's, joined to records by a key: what it knows fills what they lack.
struct TableJoin {
    private let path: String
    private let key: String
    private let columns: [String]
    private var rows: [String: [String]] = [:]
    private var fields: [RecordKind: [RecordField?]] = [:]
    private var keys: [RecordKind: RecordField] = [:]
    /// Records whose key is in the table, is not, and that have none.
    private(set) var matched = 0
    private(set) var unmatched = 0
    private(set) var keyless = 0

    static let rowsMax = 5_000_000

    /// `on` is the field of records, or FIELD=COLUMN where the table calls it otherwise.
    init(_ path: String, on: String?) throws(CommandFailure) {
        guard let on, !on.isEmpty else {
            throw CommandFailure(
                .usage, "--join needs --on FIELD", hint: "as --on item_id, or --on item_id=sku")
        }
        let parts = on.split(separator: "=", maxSplits: 1).map(String.init)
        self.path = path
        key = parts[0]
        var file = try HeadedCSV(path)
        defer { file.close() }
        let place = try file.place(of: [parts.count > 1 ? parts[1] : key], option: "on")
        let others = file.header.indices.filter { $0 != place }
        columns = others.map { file.header[$0] }
        while let (line, cells) = try file.next() {
            guard !cells[place].isEmpty else { continue }
            guard rows[cells[place]] == nil else {
                throw CommandFailure(
                    .data, "\(path):\(line): \(file.header[place]) \(cells[place]) came before",
                    hint: "a table that is joined has each key once")
            }
            guard rows.count < Self.rowsMax else {
                throw CommandFailure(.data, "\(path) has more than \(Self.rowsMax) rows")
            }
            rows[cells[place]] = others.map { cells[$0] }
        }
        for kind in RecordKind.allCases {
            keys[kind] = RecordField(key, of: kind)
            fields[kind] = columns.map {
                RecordField($0, of: kind) ?? RecordField("properties.\($0)", of: kind)
            }
        }
        guard !keys.isEmpty else {
            throw CommandFailure(.usage, "records have no field \(key)")
        }
    }

    /// Fills what is missing; what does not fit a limit is left to the checks of ingest.
    mutating func join(_ record: inout Record) {
        guard var content = record.content, let kind = RecordKind(content),
            let field = keys[kind]
        else { return }
        let value = field.text(content)
        guard !value.isEmpty else {
            keyless += 1
            return
        }
        guard let row = rows[value] else {
            unmatched += 1
            return
        }
        matched += 1
        for (field, text) in zip(fields[kind] ?? [], row) {
            guard let field, !text.isEmpty, field.text(content).isEmpty else { continue }
            field.set(text, in: &content)
        }
        record.content = content
    }

    var words: String {
        "joined \(path) by \(key): \(Format.count(matched)) records found, "
            + "\(Format.count(unmatched)) not in it"
            + (keyless == 0 ? "" : ", \(Format.count(keyless)) without \(key)")
    }

    var json: JSONValue {
        .object([
            ("table", .string(path)), ("on", .string(key)), ("rows", .integer(Int64(rows.count))),
            ("matched", .integer(Int64(matched))), ("unmatched", .integer(Int64(unmatched))),
            ("keyless", .integer(Int64(keyless))),
        ])
    }
}
