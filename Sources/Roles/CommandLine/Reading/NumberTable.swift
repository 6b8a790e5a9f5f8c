import Learning
import Numerics

/// A CSV of numbers with a header. Empty cells are missing values.
struct NumberTable {
    let path: String
    let names: [String]
    let table: Matrix

    /// Reads the columns named, in this order, or all; others may hold anything.
    init(
        _ path: String, columns wanted: [String] = [], limit: Int = .max,
        hint: String = "a table has numbers only"
    ) throws(CommandFailure) {
        var file = try HeadedCSV(path)
        defer { file.close() }
        var places: [Int] = []
        for name in wanted { places.append(try file.place(of: [name], option: "columns")) }
        if wanted.isEmpty { places = Array(file.header.indices) }
        var cells: [Float] = []
        var rows = 0
        while rows < limit, let (line, texts) = try file.next() {
            for place in places {
                let text = texts[place]
                guard let value = text.isEmpty ? Float.nan : Float(text) else {
                    throw CommandFailure(
                        .data, "\(path):\(line): \(file.header[place]) is \"\(text)\"",
                        hint: hint)
                }
                cells.append(value)
            }
            rows += 1
        }
        self.path = path
        names = places.map { file.header[$0] }
        table = Matrix(rows: rows, columns: names.count, elements: cells)
    }

    /// The table without one column, which is the answer: 0 or 1 in every line.
    func examples(label: String) throws(CommandFailure) -> Examples {
        guard let answer = names.firstIndex(of: label) else {
            throw CommandFailure(
                .data, "\(path) has no column \(label)",
                hint: "--label NAME names it: \(names.joined(separator: ", "))")
        }
        let labels = table.column(answer)
        if let row = labels.firstIndex(where: { $0 != 0 && $0 != 1 }) {
            throw CommandFailure(
                .data, "\(path): \(label) of row \(row + 1) is \(labels[row])",
                hint: "the answer is 0 or 1")
        }
        let inputs = names.indices.filter { $0 != answer }
        return Examples(
            featureNames: inputs.map { names[$0] },
            table: Matrix(
                rows: table.rows, columns: inputs.count,
                elements: (0..<table.rows).flatMap { row in
                    inputs.map { table.elements[row * table.columns + $0] }
                }),
            labels: labels)
    }
}
