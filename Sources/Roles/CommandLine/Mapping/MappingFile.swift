import PlainText

/// Reads a mapping that a person wrote in JSON5.
package enum MappingFile {
    private static let keys = [
        "record", "format", "delimiter", "header", "quotes", "columns", "fields", "values",
        "time", "category_separator", "list_separator", "items",
    ]

    /// Parses a mapping; unknown keys are refused with a suggestion.
    package static func parse(
        _ bytes: [UInt8], name: String
    ) throws(CommandFailure) -> Mapping {
        let value: JSONValue
        do throws(JSONParser.Failure) { value = try JSONParser.parse(bytes) } catch {
            throw CommandFailure(.data, "\(name) line \(error.line): \(error.message)")
        }
        guard let members = value.members else {
            throw CommandFailure(.data, "\(name): a mapping is an object { … }")
        }
        for (key, _) in members where !keys.contains(key) {
            throw unknown("key", key, keys, name)
        }
        var mapping = Mapping(name: name)
        try readShape(value, &mapping, name)
        try readTime(value["time"], &mapping, name)
        try readFields(value, &mapping, name)
        return mapping
    }

    private static func readShape(
        _ value: JSONValue, _ mapping: inout Mapping, _ name: String
    ) throws(CommandFailure) {
        if let text = value["record"]?.text {
            guard let target = Mapping.Target(rawValue: text) else {
                throw unknown("record", text, ["event", "item", "user"], name)
            }
            mapping.target = target
        }
        if let text = value["format"]?.text {
            guard let format = Mapping.Format(rawValue: text) else {
                throw unknown("format", text, ["csv", "jsonl"], name)
            }
            mapping.format = format
        }
        if let text = value["delimiter"]?.text, !text.isEmpty { mapping.delimiter = text }
        if case .bool(let flag)? = value["header"] { mapping.hasHeader = flag }
        if case .bool(let flag)? = value["quotes"] { mapping.allowsQuotes = flag }
        mapping.columns = value["columns"]?.elements?.compactMap(\.text) ?? []
        if let text = value["category_separator"]?.text { mapping.pathSeparator = text }
        if let text = value["list_separator"]?.text, !text.isEmpty {
            mapping.listSeparator = text
        }
        mapping.itemFields = value["items"]?.elements?.compactMap(\.text) ?? []
        if !mapping.hasHeader && mapping.columns.isEmpty && mapping.format == .csv {
            throw CommandFailure(
                .data, "\(name): without a header, columns must be named",
                hint: "add columns: [\"user_id\", …] in the order of the file")
        }
    }

    private static func readTime(
        _ time: JSONValue?, _ mapping: inout Mapping, _ name: String
    ) throws(CommandFailure) {
        guard let time else { return }
        let text = time.text ?? time["format"]?.text ?? ""
        guard let format = TimeFormat(rawValue: text) else {
            throw unknown("time format", text, TimeFormat.allCases.map(\.rawValue), name)
        }
        mapping.timeFormat = format
        if let start = time["start"]?.text {
            guard let startMs = TimeFormat.iso(Array(start.utf8)) else {
                throw CommandFailure(.data, "\(name): time start \"\(start)\" is no ISO time")
            }
            mapping.timeStartMs = startMs
        }
        if let step = time["step_seconds"]?.double, step > 0, step < 1e9 {
            mapping.timeStepMs = Int64(step * 1000)
        }
    }

    private static func readFields(
        _ value: JSONValue, _ mapping: inout Mapping, _ name: String
    ) throws(CommandFailure) {
        let allowed = mapping.allowedFields
        for (field, source) in value["fields"]?.members ?? [] {
            guard allowed.contains(field) else { throw unknown("field", field, allowed, name) }
            if let constant = source["constant"]?.text {
                mapping.fields[field] = .constant(constant)
            } else if let column = source.text {
                mapping.fields[field] = .column(column)
            } else {
                throw CommandFailure(
                    .data, "\(name): field \(field) needs a column or { constant: … }")
            }
        }
        for (field, table) in value["values"]?.members ?? [] {
            guard allowed.contains(field) else { throw unknown("field", field, allowed, name) }
            var texts: [String: String] = [:]
            for (from, to) in table.members ?? [] { texts[from] = to.text ?? "" }
            mapping.values[field] = texts
        }
    }

    private static func unknown(
        _ what: String, _ word: String, _ known: [String], _ name: String
    ) -> CommandFailure {
        let near = Suggestion.nearest(to: word, among: known)
        return CommandFailure(
            .data, "\(name): unknown \(what) \"\(word)\"",
            hint: near.map { "did you mean \($0)?" } ?? "known: \(known.joined(separator: ", "))")
    }
}
