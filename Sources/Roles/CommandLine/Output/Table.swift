/// A table for people: aligned by display width, numbers to the right. Where it is wider than the
/// terminal it is made to fit without losing anything: see ``TableFit``.
package struct Table: Sendable {
    /// Bars repeat what a number beside them says, so they go first where room is short.
    package enum Kind: Sendable { case left, right, bar }

    package struct Column: Sendable {
        package var title: String
        package var kind: Kind
        /// Longer cells are cut; 0 = never.
        package var widthMax: Int

        package init(_ title: String, _ kind: Kind = .left, widthMax: Int = 0) {
            self.title = title
            self.kind = kind
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

    /// As wide as the terminal at most.
    func rendered(on terminal: Terminal) -> String {
        rendered(style: terminal.style, columns: terminal.columns)
    }

    /// Title line, rule and rows; no spaces at the end of lines. Wider than `columns` (nil: as wide
    /// as it is), it becomes narrower, or several tables one below the other.
    package func rendered(style: Style = .plain, columns most: Int?) -> String {
        let natural = columns.indices.map { at in
            ([columns[at].title] + rows.map { $0[at] }).map(Self.width).max() ?? 0
        }
        // A column without a word is no loss either.
        let kinds = columns.indices.map { at in
            rows.allSatisfy { $0[at].isEmpty } && at > 0 ? .bar : columns[at].kind
        }
        let fit = TableFit(kinds, widths: natural, titles: columns.map(\.title))
        return fit.blocks(within: most ?? .max).map { block in
            var lines = [style.bold(line(columns.map(\.title), block))]
            lines.append(
                style.dim(
                    block.map { String(repeating: "─", count: $0.width) }.joined(separator: "  ")))
            for row in rows { lines += wrapped(row, block) }
            return lines.joined(separator: "\n")
        }.joined(separator: "\n\n")
    }

    private static func width(_ cell: String) -> Int { DisplayWidth.of(Style.bare(cell)) }

    /// One row, over as many lines as its longest cell needs.
    private func wrapped(_ row: [String], _ block: [TableFit.Place]) -> [String] {
        var parts = row.map { [$0] }
        for place in block where Self.width(row[place.column]) > place.width {
            parts[place.column] = Style.wrapped(row[place.column], to: place.width)
        }
        let height = block.map { parts[$0.column].count }.max() ?? 1
        return (0..<height).map { at in
            line(parts.map { at < $0.count ? $0[at] : "" }, block)
        }
    }

    private func line(_ cells: [String], _ block: [TableFit.Place]) -> String {
        var text = ""
        for (at, place) in block.enumerated() {
            let cell = cells[place.column]
            let space = String(repeating: " ", count: max(0, place.width - Self.width(cell)))
            if at > 0 { text += "  " }
            text += columns[place.column].kind == .right ? space + cell : cell + space
        }
        while text.last == " " { text.removeLast() }
        return text
    }
}
