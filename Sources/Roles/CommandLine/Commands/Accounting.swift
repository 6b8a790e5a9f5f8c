/// Where every row of an import went; nothing may be left over.
package struct Accounting: Sendable, Equatable {
    package var rows: Int
    /// Item records found in rows of events, beside the rows' own records.
    package var items: Int
    package var rowErrors: Int
    package var mapped: Int
    /// Nil in a dry run.
    package var tally: Tally?
    package var seconds: Double

    package init(
        rows: Int, items: Int, rowErrors: Int, mapped: Int, tally: Tally?, seconds: Double
    ) {
        self.rows = rows
        self.items = items
        self.rowErrors = rowErrors
        self.mapped = mapped
        self.tally = tally
        self.seconds = seconds
    }

    /// rows + items = records + row errors, and records = accepted + duplicates + rejected.
    package var isBalanced: Bool {
        guard rows + items == mapped + rowErrors else { return false }
        guard let tally else { return true }
        return tally.sent == mapped && tally.isComplete
    }

    package func lines(mapping: String) -> [String] {
        let sent = mapped - items
        var first = "rows \(Format.count(rows)) = \(tally == nil ? "good" : "sent") "
        first += "\(Format.count(sent)) + row errors \(Format.count(rowErrors))"
        if items > 0 { first += "; items found in rows \(Format.count(items))" }
        var lines = [first]
        if let tally {
            lines.append(
                "sent \(Format.count(tally.sent)) = accepted \(Format.count(tally.accepted))"
                    + " + duplicates \(Format.count(tally.duplicates))"
                    + " + rejected \(Format.count(tally.rejected))")
        }
        let rate = seconds > 0 ? Double(rows) / seconds : 0
        lines.append(
            "mapping \(mapping), \(Format.duration(seconds)), \(Format.decimal(rate, 0)) rows/s"
                + (tally == nil ? "; dry run, nothing was sent" : ""))
        return lines
    }

    func json(mapping: String, report: RowErrorReport, join: JSONValue = .null) -> JSONValue {
        func whole(_ number: Int) -> JSONValue { .integer(Int64(number)) }
        let codes = RowError.Code.allCases.compactMap { code in
            report.byCode[code].map { (code.rawValue, whole($0)) }
        }
        var members: [(String, JSONValue)] = [
            ("mapping", .string(mapping)), ("rows", whole(rows)), ("items", whole(items)),
            ("row_errors", whole(rowErrors)), ("row_errors_by_code", .object(codes)),
            ("records", whole(mapped)),
        ]
        if let tally {
            members += [
                ("sent", whole(tally.sent)), ("accepted", whole(tally.accepted)),
                ("duplicates", whole(tally.duplicates)), ("rejected", whole(tally.rejected)),
            ]
        }
        if join != .null { members.append(("join", join)) }
        members.append(("seconds", .number(seconds)))
        return .object(members)
    }
}
