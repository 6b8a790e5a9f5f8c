/// A table for people: aligned by display width, numbers to the right.
package struct Table: Sendable {
    package enum Alignment: Sendable { case left, right }

    package struct Column: Sendable {
        package var title: String
        package var alignment: Alignment
        /// Longer cells are cut; 0 = never.
        package var widthMax: Int

        package init(_ title: String, _ alignment: Alignment = .left, widthMax: Int = 0) {
            self.title = title
            self.alignment = alignment
            self.widthMax = widthMax
        }
    }

    private let columns: [Column]
    private var rows: [[String]] = []

    package init(_ columns: [Column]) { self.columns = columns }

    package var isEmpty: Bool { rows.isEmpty }

    /// Adds a row; missing cells are empty.
    package mutating func add(_ cells: [String]) {
        precondition(cells.count <= columns.count, "more cells than columns")
        let missing = Array(repeating: "", count: columns.count - cells.count)
        rows.append(
            zip(cells + missing, columns).map { cell, column in
                let line = Style.cell(cell)
                return column.widthMax > 0 && Style.bare(line) == line
                    ? DisplayWidth.clip(line, to: column.widthMax) : line
            })
    }

    /// Title line, rule and rows; no spaces at the end of lines.
    package func rendered(style: Style = .plain) -> String {
        let widths = columns.indices.map { at in
            ([columns[at].title] + rows.map { $0[at] }).map(Self.width).max() ?? 0
        }
        var lines = [style.bold(line(columns.map(\.title), widths))]
        lines.append(
            style.dim(
                widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ")))
        lines += rows.map { line($0, widths) }
        return lines.joined(separator: "\n")
    }

    private static func width(_ cell: String) -> Int { DisplayWidth.of(Style.bare(cell)) }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        var text = ""
        for (at, cell) in cells.enumerated() {
            let space = String(repeating: " ", count: widths[at] - Self.width(cell))
            if at > 0 { text += "  " }
            text += columns[at].alignment == .right ? space + cell : cell + space
        }
        while text.last == " " { text.removeLast() }
        return text
    }
}
