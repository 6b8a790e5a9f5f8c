/// A sparse matrix in compressed rows.
package struct SparseRows: Sendable, Equatable {
    package let columnCount: Int
    /// Row r holds the entries `offsets[r]..<offsets[r + 1]`.
    package let offsets: [Int]
    package let columns: [Int32]
    package let values: [Float]

    package var rowCount: Int { offsets.count - 1 }
    package var entryCount: Int { columns.count }

    /// Traps unless the parts fit together and every column is in range.
    package init(columnCount: Int, offsets: [Int], columns: [Int32], values: [Float]) {
        precondition(offsets.first == 0 && offsets.last == columns.count)
        precondition(
            zip(offsets, offsets.dropFirst()).allSatisfy { $0 <= $1 }, "the rows' offsets rise")
        precondition(columns.count == values.count)
        precondition(columns.allSatisfy { $0 >= 0 && Int($0) < columnCount })
        self.columnCount = columnCount
        self.offsets = offsets
        self.columns = columns
        self.values = values
    }

    /// Builds from triples; entries of one cell are summed and cut at `cap`.
    package init(
        rowCount: Int, columnCount: Int, rows: [Int32], columns: [Int32], values: [Float],
        cap: Float = .infinity
    ) {
        precondition(rows.count == columns.count && rows.count == values.count)
        let byColumn = Self.sorted(by: columns, count: columnCount)
        let byRow = Self.sorted(by: rows, count: rowCount, from: byColumn)
        var offsets = [0]
        offsets.reserveCapacity(rowCount + 1)
        var outColumns: [Int32] = []
        var outValues: [Float] = []
        outColumns.reserveCapacity(rows.count)
        outValues.reserveCapacity(rows.count)
        var row = 0
        for entry in byRow {
            while row < Int(rows[entry]) {
                offsets.append(outColumns.count)
                row += 1
            }
            if outColumns.count > offsets[row], outColumns[outColumns.count - 1] == columns[entry] {
                outValues[outValues.count - 1] += values[entry]
            } else {
                outColumns.append(columns[entry])
                outValues.append(values[entry])
            }
        }
        while row < rowCount {
            offsets.append(outColumns.count)
            row += 1
        }
        if cap < .infinity { outValues = outValues.map { min($0, cap) } }
        self.init(
            columnCount: columnCount, offsets: offsets, columns: outColumns, values: outValues)
    }

    /// A stable counting sort of the entries by key.
    private static func sorted(by keys: [Int32], count: Int, from order: [Int]? = nil) -> [Int] {
        var starts = [Int](repeating: 0, count: count + 1)
        for key in keys {
            precondition(key >= 0 && Int(key) < count)
            starts[Int(key) + 1] += 1
        }
        for key in 0..<count { starts[key + 1] += starts[key] }
        var result = [Int](repeating: 0, count: keys.count)
        for position in keys.indices {
            let entry = order?[position] ?? position
            let key = Int(keys[entry])
            result[starts[key]] = entry
            starts[key] += 1
        }
        return result
    }

    /// Columns become rows.
    package func transposed() -> SparseRows {
        var starts = [Int](repeating: 0, count: columnCount + 1)
        for column in columns { starts[Int(column) + 1] += 1 }
        for column in 0..<columnCount { starts[column + 1] += starts[column] }
        let offsets = starts
        var newColumns = [Int32](repeating: 0, count: columns.count)
        var newValues = [Float](repeating: 0, count: columns.count)
        for row in 0..<rowCount {
            for entry in self.offsets[row]..<self.offsets[row + 1] {
                let slot = starts[Int(columns[entry])]
                newColumns[slot] = Int32(row)
                newValues[slot] = values[entry]
                starts[Int(columns[entry])] += 1
            }
        }
        return SparseRows(
            columnCount: rowCount, offsets: offsets, columns: newColumns, values: newValues)
    }

    /// The same cells with other values.
    package func replacingValues(_ transform: (Float) -> Float) -> SparseRows {
        SparseRows(
            columnCount: columnCount, offsets: offsets, columns: columns,
            values: values.map(transform))
    }
}
