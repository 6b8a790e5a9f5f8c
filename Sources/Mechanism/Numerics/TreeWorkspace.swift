/// The memory of growing trees on one table, and the loops that are worth the care.
///
/// Rows of a leaf are a range of `order`; leaf k of a tree keeps its histogram in slot k.
package struct TreeWorkspace {
    package let table: BinnedTable
    /// First and second derivative of the loss per row.
    private var derivatives: [SIMD2<Float>]
    private var order: [Int32]
    private var spare: [Int32]
    private var histograms: [Derivatives]

    package init(_ table: BinnedTable, leavesMax: Int) {
        self.table = table
        derivatives = [SIMD2<Float>](repeating: .zero, count: table.rows)
        order = (0..<Int32(table.rows)).map { $0 }
        spare = [Int32](repeating: 0, count: table.rows)
        histograms = [Derivatives](
            repeating: .zero, count: leavesMax * table.columns * BinnedTable.bins)
    }

    private static let grain = 8192

    /// Puts all rows back into one leaf and takes the derivatives of the log loss at `scores`;
    /// gives their sums.
    package mutating func start(
        scores: [Double], labels: [Float], weights: [Float]
    ) -> Derivatives {
        precondition(scores.count == table.rows && labels.count == table.rows)
        precondition(weights.isEmpty || weights.count == table.rows)
        order.withLane { for row in 0..<$0.count { $0[row] = Int32(truncatingIfNeeded: row) } }
        let sums = derivatives.withLane { derivatives in
            scores.withReading { scores in
                labels.withReading { labels in
                    weights.withReading { weights in
                        Parallel.mapPieces(count: scores.count, grain: Self.grain) { piece in
                            var sum = Derivatives.zero
                            for row in piece {
                                let chance = Logistic.chance(scores[row])
                                let weight = weights.count == 0 ? 1 : Double(weights[row])
                                let pair = SIMD2<Float>(
                                    Float(weight * (chance - Double(labels[row]))),
                                    Float(weight * max(chance * (1 - chance), 1e-12)))
                                derivatives[row] = pair
                                sum += Derivatives(pair)
                            }
                            return sum
                        }
                    }
                }
            }
        }
        return sums.reduce(.zero, +)
    }

    /// A leaf to look at: its slot, rows and sums.
    package struct Leaf: Sendable {
        package var slot: Int
        package var rows: Range<Int>
        package var sums: Derivatives

        package init(slot: Int, rows: Range<Int>, sums: Derivatives) {
            self.slot = slot
            self.rows = rows
            self.sums = sums
        }
    }

    /// Fills the histogram of `leaf` and finds its best split among `columns` (a flag each).
    ///
    /// With `sibling`, whose slot holds the parent's histogram, that becomes the sibling's own
    /// by subtraction, and its best split is the second result. Traps when a leaf has no rows or
    /// slot here, or a column has no flag.
    package mutating func split(
        _ leaf: Leaf, sibling: Leaf?, columns: [Bool], rules: SplitRules
    ) -> (TreeSplit?, TreeSplit?) {
        let table = table
        check(leaf.rows)
        precondition(columns.count == table.columns, "every column has a flag")
        let slot = table.columns * BinnedTable.bins
        let threads = leaf.rows.count * table.columns < 1 << 12 ? 1 : Parallel.cores
        let found = histograms.withLane { histograms in
            order.withReading { order in
                derivatives.withReading { derivatives in
                    table.bytes.withReading { bytes in
                        Parallel.map(count: table.groups, threads: threads) { group in
                            let width = table.width(ofGroup: group)
                            let first = group * BinnedTable.groupWidth
                            let part = first * BinnedTable.bins
                            let size = width * BinnedTable.bins
                            let own = histograms.part(leaf.slot * slot + part, size)
                            Self.fill(
                                own, order.part(leaf.rows.lowerBound, leaf.rows.count),
                                bytes.part(first * table.rows, width * table.rows), width,
                                derivatives)
                            var best: (TreeSplit?, TreeSplit?)
                            best.0 = Self.search(
                                Reading(own), leaf, first..<first + width, table, columns, rules)
                            if let sibling {
                                let other = histograms.part(sibling.slot * slot + part, size)
                                for bin in 0..<size { other[bin] -= own[bin] }
                                best.1 = Self.search(
                                    Reading(other), sibling, first..<first + width, table,
                                    columns, rules)
                            }
                            return best
                        }
                    }
                }
            }
        }
        return found.reduce((nil, nil)) { (Self.better($0.0, $1.0), Self.better($0.1, $1.1)) }
    }

    private func check(_ rows: Range<Int>) {
        precondition(
            rows.lowerBound >= 0 && rows.upperBound <= table.rows, "a leaf has rows of the table")
    }

    private static func better(_ a: TreeSplit?, _ b: TreeSplit?) -> TreeSplit? {
        guard let a, let b else { return a ?? b }
        return b.gain > a.gain ? b : a
    }

    private static func fill(
        _ histogram: Lane<Derivatives>, _ rows: Reading<Int32>, _ bytes: Reading<UInt8>,
        _ width: Int, _ derivatives: Reading<SIMD2<Float>>
    ) {
        for bin in 0..<histogram.count { histogram[bin] = .zero }
        if width == BinnedTable.groupWidth {
            for index in 0..<rows.count {
                let row = Int(rows[index])
                let pair = Derivatives(derivatives[row])
                let start = row * 16
                for column in 0..<16 {
                    histogram[column << 8 + Int(bytes[start + column])] += pair
                }
            }
        } else {
            for index in 0..<rows.count {
                let row = Int(rows[index])
                let pair = Derivatives(derivatives[row])
                let start = row * width
                for column in 0..<width {
                    histogram[column << 8 + Int(bytes[start + column])] += pair
                }
            }
        }
    }

    private static func search(
        _ histogram: Reading<Derivatives>, _ leaf: Leaf, _ columns: Range<Int>,
        _ table: BinnedTable, _ allowed: [Bool], _ rules: SplitRules
    ) -> TreeSplit? {
        guard leaf.rows.count >= 2 * rules.childRowsMin else { return nil }
        var best: TreeSplit?
        let share = Double(leaf.rows.count) / max(leaf.sums.y, 1e-300)
        for column in columns where allowed[column] {
            TreeSplit.best(
                column: column,
                histogram: histogram.part(
                    (column - columns.lowerBound) * BinnedTable.bins, BinnedTable.bins),
                bins: table.bounds[column].count + 1, hasMissing: table.hasMissing[column],
                total: leaf.sums, share: share, rules: rules, beating: &best)
        }
        return best
    }

    /// Puts the rows that go left first, both sides keeping their order; gives how many they are.
    ///
    /// Traps when there are no such rows or no such column.
    package mutating func part(_ rows: Range<Int>, by split: TreeSplit) -> Int {
        let table = table
        check(rows)
        precondition(
            split.column >= 0 && split.column < table.columns, "a split is by a column there is")
        let group = split.column / BinnedTable.groupWidth
        let width = table.width(ofGroup: group)
        let start =
            group * BinnedTable.groupWidth * table.rows + split.column % BinnedTable.groupWidth
        return order.withLane { order in
            spare.withLane { spare in
                table.bytes.withReading { bytes in
                    var left = rows.lowerBound
                    var right = 0
                    for index in rows {
                        let row = order[index]
                        let bin = Int(bytes[start + Int(row) * width])
                        let goesLeft =
                            bin == BinnedTable.missing ? split.missingGoesLeft : bin <= split.bin
                        // Both are written, one place moves on: no branch to guess wrong.
                        spare[right] = row
                        order[left] = row
                        left += goesLeft ? 1 : 0
                        right += goesLeft ? 0 : 1
                    }
                    for index in 0..<right { order[left + index] = spare[index] }
                    return left - rows.lowerBound
                }
            }
        }
    }

    /// Adds a leaf's value to the scores of its rows; traps when there are no such rows or scores.
    package func add(_ value: Double, to scores: inout [Double], rows: Range<Int>) {
        check(rows)
        precondition(scores.count == table.rows, "every row has a score")
        order.withReading { order in
            scores.withLane { scores in
                for index in rows { scores[Int(order[index])] += value }
            }
        }
    }
}
