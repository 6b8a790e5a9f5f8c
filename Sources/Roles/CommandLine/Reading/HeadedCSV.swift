/// A CSV whose first line names its columns, and whose other lines have as many cells.
struct HeadedCSV {
    let path: String
    let header: [String]
    private let source: ByteSource
    private var reader: CSVReader
    private var row = CSVReader.Row()

    init(_ path: String) throws(CommandFailure) {
        let source = try ByteSource(path)
        var reader = CSVReader(delimiter: ",") { () throws(CommandFailure) in try source.read() }
        guard try reader.next(&row) else { throw CommandFailure(.data, "\(path) is empty") }
        header = row.texts
        self.path = path
        self.source = source
        self.reader = reader
    }

    func close() { source.close() }

    /// The place of the first of these names that there is; `option` lets people name another.
    func place(of names: [String], option: String) throws(CommandFailure) -> Int {
        for name in names { if let place = header.firstIndex(of: name) { return place } }
        throw CommandFailure(
            .data, "\(path) has no column \(names.joined(separator: " or "))",
            hint: "it has \(header.joined(separator: ", ")); --\(option) NAME names another")
    }

    /// The next line and its number; nil at the end.
    mutating func next() throws(CommandFailure) -> (line: Int, cells: [String])? {
        guard try reader.next(&row) else { return nil }
        guard row.count == header.count else {
            throw CommandFailure(
                .data, "\(path):\(row.line): \(row.count) columns, the header has \(header.count)")
        }
        return (row.line, row.texts)
    }
}
