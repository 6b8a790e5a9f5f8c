/// A dense row-major matrix of Float32.
package struct Matrix: Sendable, Equatable {
    package let rows: Int
    package let columns: Int
    /// The elements, row after row. No observer checks their count: with one, other modules would
    /// copy all of them for each that they write. Kernels check it instead.
    package var elements: [Float]

    /// A matrix of zeros.
    package init(rows: Int, columns: Int) {
        self.init(rows: rows, columns: columns, repeating: 0)
    }

    package init(rows: Int, columns: Int, repeating value: Float) {
        precondition(rows >= 0 && columns >= 0)
        self.rows = rows
        self.columns = columns
        elements = [Float](repeating: value, count: rows * columns)
    }

    /// Takes `elements` row after row; traps when their count is not rows × columns.
    package init(rows: Int, columns: Int, elements: [Float]) {
        precondition(rows >= 0 && columns >= 0 && elements.count == rows * columns)
        self.rows = rows
        self.columns = columns
        self.elements = elements
    }

    /// Traps when the rows differ in length.
    package init(_ table: [[Float]]) {
        let width = table.first?.count ?? 0
        precondition(table.allSatisfy { $0.count == width })
        self.init(rows: table.count, columns: width, elements: table.flatMap { $0 })
    }

    package subscript(row: Int, column: Int) -> Float {
        get {
            precondition(row >= 0 && row < rows && column >= 0 && column < columns)
            return elements[row * columns + column]
        }
        set {
            precondition(row >= 0 && row < rows && column >= 0 && column < columns)
            elements[row * columns + column] = newValue
        }
    }

    /// A copy of one row.
    package func row(_ index: Int) -> [Float] {
        precondition(index >= 0 && index < rows)
        return Array(elements[index * columns..<(index + 1) * columns])
    }

    /// A copy of one column.
    package func column(_ index: Int) -> [Float] {
        precondition(index >= 0 && index < columns)
        return (0..<rows).map { elements[$0 * columns + index] }
    }

    /// The rows named, in that order.
    package func selecting(rows chosen: [Int]) -> Matrix {
        var taken: [Float] = []
        taken.reserveCapacity(chosen.count * columns)
        for index in chosen {
            precondition(index >= 0 && index < rows)
            taken.append(contentsOf: elements[index * columns..<(index + 1) * columns])
        }
        return Matrix(rows: chosen.count, columns: columns, elements: taken)
    }
}
