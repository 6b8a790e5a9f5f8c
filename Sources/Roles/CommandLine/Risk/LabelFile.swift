/// Who is known to cheat, and who not: a CSV with a header, one user a line.
struct LabelFile {
    /// 1 or 0 by user; a line without an answer is left out.
    let labels: [String: Float]
    let column: String

    private static let users = ["user", "user_id"]
    private static let answers = ["fraudster", "label", "fraud", "is_fraud", "class"]
    private static let words: [String: Float] = [
        "1": 1, "true": 1, "yes": 1, "0": 0, "false": 0, "no": 0,
    ]

    init(_ path: String, column name: String?) throws(CommandFailure) {
        let source = try ByteSource(path)
        defer { source.close() }
        var reader = CSVReader(delimiter: ",") { () throws(CommandFailure) in try source.read() }
        var row = CSVReader.Row()
        guard try reader.next(&row) else { throw CommandFailure(.data, "\(path) is empty") }
        let header = row.texts
        func place(_ names: [String]) throws(CommandFailure) -> Int {
            for name in names { if let place = header.firstIndex(of: name) { return place } }
            throw CommandFailure(
                .data, "\(path) has no column \(names.joined(separator: " or "))",
                hint: "it has \(header.joined(separator: ", ")); --label NAME names the answer")
        }
        let user = try place(Self.users)
        let answer = try place(name.map { [$0] } ?? Self.answers)
        var labels: [String: Float] = [:]
        while try reader.next(&row) {
            guard row.count == header.count, let id = row.text(user), let text = row.text(answer)
            else {
                throw CommandFailure(
                    .data,
                    "\(path):\(row.line): \(row.count) columns, the header has "
                        + "\(header.count)")
            }
            if text.isEmpty { continue }
            guard let label = Self.words[text.lowercased()] else {
                throw CommandFailure(
                    .data, "\(path):\(row.line): \(header[answer]) is \"\(text)\"",
                    hint: "give 1 or 0, or nothing where it is not known")
            }
            labels[id] = label
        }
        self.labels = labels
        column = header[answer]
    }
}
