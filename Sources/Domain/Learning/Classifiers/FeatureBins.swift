import Numerics

/// Where columns are cut: between distinct values where those are few, else at quantiles.
enum FeatureBins {
    /// Rows looked at, evenly spread over the table.
    private static let sampleRows = 100_000

    /// Per column at most `binsMax` − 1 rising bounds.
    static func bounds(of table: Matrix, binsMax: Int) -> [[Float]] {
        precondition(binsMax >= 2 && binsMax <= BinnedTable.boundsMax + 1)
        let step = max(1, (table.rows + sampleRows - 1) / sampleRows)
        return Parallel.map(count: table.columns) { column in
            var values: [Float] = []
            values.reserveCapacity(table.rows / step + 1)
            for row in stride(from: 0, to: table.rows, by: step) {
                let value = table.elements[row * table.columns + column]
                if !value.isNaN { values.append(value) }
            }
            values.sort()
            return bounds(ofSorted: values, binsMax: binsMax)
        }
    }

    private static func bounds(ofSorted values: [Float], binsMax: Int) -> [Float] {
        var distinct: [Float] = []
        for value in values where distinct.last != value {
            distinct.append(value)
            if distinct.count > binsMax { break }
        }
        if distinct.count <= binsMax {
            return zip(distinct, distinct.dropFirst()).map { middle($0, $1) }
        }
        var result: [Float] = []
        for bin in 1..<binsMax {
            let place = values.count * bin / binsMax
            // A bound lies between two different values, so that equal rows share a bin.
            let bound = middle(values[place - 1], values[place])
            if bound < values[values.count - 1], result.last.map({ $0 < bound }) ?? true {
                result.append(bound)
            }
        }
        return result
    }

    /// Not below `low` and below `high` when they differ.
    private static func middle(_ low: Float, _ high: Float) -> Float {
        let middle = low / 2 + high / 2
        return middle >= low && middle < high ? middle : low
    }
}
