/// Who is known to cheat, and who not: a CSV with a header, one user a line.
struct LabelFile {
    /// 1 or 0 by user; a line without an answer is left out.
    let labels: [String: Float]
    let column: String

    static let users = ["user", "user_id"]
    private static let answers = ["fraudster", "label", "fraud", "is_fraud", "class"]
    private static let words: [String: Float] = [
        "1": 1, "true": 1, "yes": 1, "0": 0, "false": 0, "no": 0,
    ]

    init(_ path: String, column name: String?) throws(CommandFailure) {
        var file = try HeadedCSV(path)
        defer { file.close() }
        let user = try file.place(of: Self.users, option: "label")
        let answer = try file.place(of: name.map { [$0] } ?? Self.answers, option: "label")
        var labels: [String: Float] = [:]
        while let (line, cells) = try file.next() {
            if cells[answer].isEmpty { continue }
            guard let label = Self.words[cells[answer].lowercased()] else {
                throw CommandFailure(
                    .data,
                    "\(path):\(line): \(file.header[answer]) is \"\(cells[answer])\"",
                    hint: "give 1 or 0, or nothing where it is not known")
            }
            labels[cells[user]] = label
        }
        self.labels = labels
        column = file.header[answer]
    }
}
