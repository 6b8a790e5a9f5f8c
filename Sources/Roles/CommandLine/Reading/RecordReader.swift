import Events
package import Messages
import PlainText

/// Records of one file, row by row, with whatever mapping fits.
package struct RecordReader {
    /// What one row gave.
    package enum Row: Sendable {
        case record(Record)
        case failed(RowError)
    }

    package let mapping: Mapping
    package private(set) var rows = 0
    /// Item records found in rows of events; they come before the event.
    package private(set) var items = 0

    private let source: ByteSource
    private var csv: CSVReader
    private var lines: LineReader
    private var row = CSVReader.Row()
    private var mapper: RowMapper?
    private var waiting: Record?
    private var knownItems: Set<String> = []
    private let eventIDPrefix: String

    /// Opens a file; `mappingName` is auto, a built-in name, or the path of a mapping file.
    package init(_ path: String, mappingName: String) throws(CommandFailure) {
        let source = try ByteSource(path)
        self.source = source
        var head = try source.read()
        let found = try Self.mapping(mappingName, head: head, path: path)
        mapping = found
        let base = ByteSource.plainName(path).split(separator: "/").last.map(String.init) ?? path
        eventIDPrefix = "\(String(XXH64.hash(base), radix: 36))-"
        let more = { () throws(CommandFailure) -> [UInt8] in
            if head.isEmpty { return try source.read() }
            defer { head = [] }
            return head
        }
        csv = CSVReader(
            delimiter: found.delimiter, allowsQuotes: found.allowsQuotes, more: more)
        lines = LineReader(more: more)
        if found.format == .csv {
            try readHeader()
        } else if found.name != "limn" {
            let columns = found.fields.values.compactMap { source -> String? in
                if case .column(let name) = source { name } else { nil }
            }
            mapper = try RowMapper(found, columns: columns, eventIDPrefix: eventIDPrefix)
        }
    }

    private static func mapping(
        _ name: String, head: [UInt8], path: String
    ) throws(CommandFailure) -> Mapping {
        let text = String(decoding: head.prefix(65_536), as: UTF8.self)
        let sniffed = Sniffer.recognise(text)
        if name == "auto" || name == NamedColumns.name {
            if let sniffed, name == "auto" || sniffed.name == name { return sniffed }
            let names = BuiltInMappings.all.map(\.name).joined(separator: ", ")
            throw CommandFailure(
                .data, "the format of \(path) is not known",
                hint: "call its columns user_id, type, time, item_id …, write a mapping "
                    + "(see: limn help import), or name one of: \(names)")
        }
        if var named = BuiltInMappings.named(name) {
            // The same data set goes round with other delimiters, and without its header.
            if let sniffed, sniffed.name == named.name {
                named.delimiter = sniffed.delimiter
                named.hasHeader = sniffed.hasHeader
            } else if let sniffed, sniffed.name.hasPrefix(name) {
                return sniffed
            }
            return named
        }
        guard name.contains(".") || name.contains("/") else {
            let known = BuiltInMappings.all.map(\.name) + [NamedColumns.name, "auto"]
            let near = Suggestion.nearest(to: name, among: known)
            throw CommandFailure(
                .usage, "there is no mapping \"\(name)\"",
                hint: near.map { "did you mean \($0)?" }
                    ?? "known: \(known.joined(separator: ", "))")
        }
        return try MappingFile.parse(try ByteSource.readAll(name), name: name)
    }

    private mutating func readHeader() throws(CommandFailure) {
        var columns = mapping.columns
        if mapping.hasHeader {
            guard try csv.next(&row) else {
                throw CommandFailure(.data, "the file is empty; a header line is needed")
            }
            columns = row.texts.map(\.trimmingQuotes)
        }
        mapper = try RowMapper(mapping, columns: columns, eventIDPrefix: eventIDPrefix)
    }

    /// Share of the file that was read, 0 to 1; nil if not known.
    package var share: Double? { source.share }
    package var bytesRead: Int { source.bytesRead }

    package func close() { source.close() }

    /// The next row, or an item found in one; nil at the end.
    package mutating func next() throws(CommandFailure) -> Row? {
        if let record = waiting {
            waiting = nil
            return .record(record)
        }
        return mapping.format == .csv ? try nextCSV() : try nextJSON()
    }

    private mutating func nextCSV() throws(CommandFailure) -> Row? {
        guard let mapper, try csv.next(&row) else { return nil }
        rows += 1
        do throws(RowError) {
            let record = try mapper.record(row, number: rows)
            guard !mapping.itemFields.isEmpty, case .event(let event)? = record.content,
                !knownItems.contains(event.itemID)
            else { return .record(record) }
            let title = mapper.titleColumn.flatMap { row.text($0) } ?? ""
            guard let item = mapper.item(event, title: title) else { return .record(record) }
            knownItems.insert(event.itemID)
            items += 1
            waiting = record
            return .record(item)
        } catch {
            return .failed(error)
        }
    }

    private mutating func nextJSON() throws(CommandFailure) -> Row? {
        guard let line = try lines.next() else { return nil }
        rows += 1
        do throws(RowError) {
            let value = try parse(line)
            if let mapper {
                return .record(try mapper.record(value, line: lines.line, number: rows))
            }
            return .record(try RecordJSON.record(value))
        } catch {
            var placed = error
            placed.line = lines.line
            return .failed(placed)
        }
    }

    private func parse(_ line: [UInt8]) throws(RowError) -> JSONValue {
        do throws(JSONParser.Failure) { return try JSONParser.parse(line) } catch {
            throw RowError(.json, error.message)
        }
    }
}

extension ByteSource {
    /// All bytes of a small file.
    static func readAll(_ path: String) throws(CommandFailure) -> [UInt8] {
        let source = try ByteSource(path)
        var bytes: [UInt8] = []
        while bytes.count < 64 << 20 {
            let piece = try source.read()
            if piece.isEmpty { break }
            bytes += piece
        }
        source.close()
        return bytes
    }
}
