package import Messages
import PlainText

/// Makes records from rows with the columns of one file already looked up.
package struct RowMapper: Sendable {
    enum Place: Sendable, Equatable {
        case column(Int)
        case constant(String)
    }

    struct Step: Sendable {
        var field: String
        var column: String
        var place: Place
        var values: [String: String]?
    }

    package let mapping: Mapping
    let columns: [String]
    private(set) var steps: [Step] = []
    private var typeRule: (column: Int, rule: Mapping.TypeRule)?
    private let eventIDPrefix: String
    private let required: [String]

    /// Looks up the mapping's columns in the file's header.
    package init(
        _ mapping: Mapping, columns: [String], eventIDPrefix: String
    ) throws(CommandFailure) {
        self.mapping = mapping
        self.columns = columns
        self.eventIDPrefix = eventIDPrefix
        switch mapping.target {
        case .event: required = ["user_id", "type", "time"]
        case .item: required = ["item_id"]
        case .user: required = ["user_id"]
        }
        for field in mapping.fields.keys.sorted() {
            guard let source = mapping.fields[field] else { continue }
            try add(field, source)
        }
        if let rule = mapping.typeByPrefix, let at = columns.firstIndex(of: rule.column) {
            typeRule = (at, rule)
        }
        for field in required where mapping.fields[field] == nil {
            throw CommandFailure(
                .data, "mapping \(mapping.name) says nothing of \(field)",
                hint: "add it under fields, as a column or { constant: … }")
        }
    }

    private mutating func add(
        _ field: String, _ source: Mapping.Source
    ) throws(CommandFailure) {
        let values = mapping.values[field]
        switch source {
        case .constant(let text):
            steps.append(
                Step(field: field, column: "", place: .constant(text), values: values))
        case .column(let names):
            let found = names.split(separator: "|").compactMap { name in
                columns.firstIndex(of: String(name))
            }.first
            guard let found else {
                let near = Suggestion.nearest(to: names, among: columns)
                throw CommandFailure(
                    .data, "mapping \(mapping.name): the file has no column \"\(names)\"",
                    hint: near.map { "did you mean \($0)?" }
                        ?? "its columns are: \(columns.joined(separator: ", "))")
            }
            steps.append(
                Step(
                    field: field, column: columns[found], place: .column(found),
                    values: values))
        }
    }

    /// The record of one row of a delimited file; `number` counts rows from 1.
    package func record(
        _ row: borrowing CSVReader.Row, number: Int
    ) throws(RowError) -> Record {
        if row.isUnterminated {
            throw RowError(.quote, "a quoted field does not end", line: row.line)
        }
        if row.isTooLong {
            throw RowError(.tooLong, "more than 1 MiB in one row", line: row.line)
        }
        if row.count != columns.count {
            throw RowError(
                .columns, "\(row.count) fields where \(columns.count) belong", line: row.line)
        }
        let builder = RecordBuilder(mapping)
        var draft = builder.draft()
        for step in steps {
            var text: String
            switch step.place {
            case .constant(let constant): text = constant
            case .column(let at):
                guard let field = row.text(at) else {
                    throw RowError(.encoding, "not UTF-8", line: row.line, column: step.column)
                }
                text = field
            }
            do throws(RowError) {
                try builder.set(step.field, &text, step.values, &draft)
            } catch {
                throw placed(error, row.line, step.column)
            }
        }
        if let typeRule, row.text(typeRule.column)?.hasPrefix(typeRule.rule.prefix) == true,
            let type = EventType(name: typeRule.rule.type)
        {
            draft.event.type = type
        }
        draft.event.eventID = "\(eventIDPrefix)\(number)"
        return try finish(draft, row.line)
    }

    /// The record of one object of a JSON Lines file.
    package func record(
        _ object: JSONValue, line: Int, number: Int
    ) throws(RowError) -> Record {
        let builder = RecordBuilder(mapping)
        var draft = builder.draft()
        for step in steps {
            var text: String
            switch step.place {
            case .constant(let constant): text = constant
            case .column(let at): text = object[columns[at]]?.text ?? ""
            }
            do throws(RowError) {
                try builder.set(step.field, &text, step.values, &draft)
            } catch {
                throw placed(error, line, step.column)
            }
        }
        draft.event.eventID = "\(eventIDPrefix)\(number)"
        return try finish(draft, line)
    }

    private func placed(_ error: RowError, _ line: Int, _ column: String) -> RowError {
        var placed = error
        placed.line = line
        placed.column = column
        return placed
    }

    private func finish(_ draft: RecordBuilder.Draft, _ line: Int) throws(RowError) -> Record {
        var record = Record()
        switch mapping.target {
        case .event:
            var event = draft.event
            if event.userID.isEmpty { throw missing("user_id", line) }
            if event.type == .unknown { throw missing("type", line) }
            if event.timeMs == 0 { throw missing("time", line) }
            // Returns are written as negative pieces of a refund; the type already says it.
            if event.quantity == 0 && draft.isNegative { event.quantity = 1 }
            record.content = .event(event)
        case .item:
            if draft.item.itemID.isEmpty { throw missing("item_id", line) }
            record.content = .item(draft.item)
        case .user:
            if draft.user.userID.isEmpty { throw missing("user_id", line) }
            record.content = .user(draft.user)
        }
        return record
    }

    private func missing(_ field: String, _ line: Int) -> RowError {
        let column = steps.first { $0.field == field }?.column ?? ""
        return RowError(.missing, "\(field) is empty", line: line, column: column)
    }

    /// The item that an event's row tells of, for mappings that ask for it.
    package func item(_ event: Event, title: String) -> Record? {
        guard !mapping.itemFields.isEmpty, !event.itemID.isEmpty else { return nil }
        var item = Item()
        item.itemID = event.itemID
        if mapping.itemFields.contains("title") { item.title = title }
        if mapping.itemFields.contains("category") { item.category = event.category }
        if mapping.itemFields.contains("brand") { item.brand = event.brand }
        if mapping.itemFields.contains("price") { item.price = event.price }
        item.timeMs = event.timeMs
        var record = Record()
        record.content = .item(item)
        return record
    }

    /// Place of the column that holds the item's title, if the mapping has one.
    package var titleColumn: Int? {
        guard let step = steps.first(where: { $0.field == "title" }),
            case .column(let at) = step.place
        else { return nil }
        return at
    }
}
