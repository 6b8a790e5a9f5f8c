/// A table of numbers cut into at most 255 bins a column, one byte each.
///
/// Columns stand in groups of 16, row after row, so that one cache line serves a row's group.
package struct BinnedTable: Sendable {
    package let rows: Int
    /// Per column the rising upper bounds of its bins but the last, which is open.
    package let bounds: [[Float]]
    /// Per column whether NaN occurs.
    package let hasMissing: [Bool]
    let bytes: [UInt8]

    package static let boundsMax = 254
    /// The bin of NaN.
    static let missing = 255
    static let bins = 256
    static let groupWidth = 16

    package var columns: Int { bounds.count }
    var groups: Int { (columns + Self.groupWidth - 1) / Self.groupWidth }

    func width(ofGroup group: Int) -> Int {
        min(Self.groupWidth, columns - group * Self.groupWidth)
    }

    /// Cuts `table` at `bounds`: a value falls into the first bin whose bound it does not exceed.
    package init(_ table: Matrix, bounds: [[Float]]) {
        precondition(bounds.count == table.columns)
        precondition(table.elements.count == table.rows * table.columns, "a matrix has its shape")
        precondition(bounds.allSatisfy { $0.count <= Self.boundsMax })
        rows = table.rows
        self.bounds = bounds
        let rows = table.rows
        let columns = table.columns
        var bytes = [UInt8](repeating: 0, count: rows * columns)
        let missing = bytes.withLane { bytes in
            table.elements.withReading { elements in
                Parallel.map(count: columns) { column in
                    let group = column / Self.groupWidth
                    let width = min(Self.groupWidth, columns - group * Self.groupWidth)
                    let start = group * Self.groupWidth * rows + column % Self.groupWidth
                    return bounds[column].withReading { bounds in
                        var missing = false
                        for row in 0..<rows {
                            let value = elements[row * columns + column]
                            missing = missing || value.isNaN
                            bytes[start + row * width] = Self.bin(value, bounds)
                        }
                        return missing
                    }
                }
            }
        }
        self.bytes = bytes
        hasMissing = missing
    }

    @inline(__always)
    private static func bin(_ value: Float, _ bounds: Reading<Float>) -> UInt8 {
        if value.isNaN { return UInt8(missing) }
        var low = 0
        var length = bounds.count
        while length > 0 {
            let half = length / 2
            let above = value > bounds[low + half]
            low = above ? low + half + 1 : low
            length = above ? length - half - 1 : half
        }
        return UInt8(truncatingIfNeeded: low)
    }
}
