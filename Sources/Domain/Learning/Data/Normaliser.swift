import Foundation
package import Numerics

/// Makes columns of different units comparable. What was fitted stays with the model that sees the
/// normalised values, so that a row of later is treated like those of the fit.
///
/// A missing value becomes the mean that was fitted, the median for ``Method/robust``. Columns
/// without two different values are left out; ``unused`` names them.
package struct Normaliser: Sendable, Equatable {
    package enum Method: Int32, Sendable, CaseIterable {
        /// (x − mean) ÷ standard deviation.
        case standard = 0
        /// (x − least) ÷ (most − least): 0 to 1.
        case unit = 1
        /// The same, −1 to 1.
        case symmetric = 2
        /// (x − median) ÷ interquartile range; the deviation where half of all are alike.
        case robust = 3
        /// ``standard`` of sign(x) · ln(1 + |x|), for counts and money.
        case logarithmic = 4

        func prepared(_ value: Float) -> Double {
            let value = Double(value)
            guard self == .logarithmic else { return value }
            return value < 0 ? -log1p(-value) : log1p(value)
        }
    }

    /// How one column is treated: (prepared value − shift) ÷ scale, in Double.
    package struct Column: Sendable, Equatable {
        package var name: String
        package var method: Method
        package var use: ColumnUse
        package var shift = 0.0
        package var scale = 1.0
        /// What stands for a missing value, normalised.
        package var middle = 0.0

        package init(name: String, method: Method, use: ColumnUse) {
            self.name = name
            self.method = method
            self.use = use
        }

        func normalised(_ value: Float) -> Float {
            guard value.isFinite else { return Float(middle) }
            return Float((method.prepared(value) - shift) / scale)
        }
    }

    package let columns: [Column]
    /// Places of the columns that are left, in order.
    package let used: [Int]

    package init(columns: [Column]) {
        self.columns = columns
        used = columns.indices.filter { columns[$0].use == .used }
    }

    /// Fits every column of a table by its method.
    package static func fit(_ table: Matrix, names: [String], methods: [Method]) -> Normaliser {
        precondition(names.count == table.columns && methods.count == table.columns)
        return Normaliser(
            columns: Parallel.map(count: table.columns) { place in
                fit(table.column(place), names[place], methods[place])
            })
    }

    private static func fit(_ values: [Float], _ name: String, _ method: Method) -> Column {
        let sorted = values.filter(\.isFinite).sorted().map { method.prepared($0) }
        guard let least = sorted.first, let most = sorted.last else {
            return Column(name: name, method: method, use: .missing)
        }
        guard least < most else { return Column(name: name, method: method, use: .constant) }
        var column = Column(name: name, method: method, use: .used)
        let spread = Spread(of: sorted)
        let (mean, deviation) = (spread.mean, spread.deviation)
        switch method {
        case .standard, .logarithmic: (column.shift, column.scale) = (mean, deviation)
        case .unit:
            (column.shift, column.scale) = (least, most - least)
            column.middle = (mean - least) / (most - least)
        case .symmetric:
            (column.shift, column.scale) = ((least + most) / 2, (most - least) / 2)
            column.middle = (mean - column.shift) / column.scale
        case .robust:
            let range = quantile(sorted, 0.75) - quantile(sorted, 0.25)
            (column.shift, column.scale) = (
                quantile(sorted, 0.5), range > 0 ? range : deviation
            )
        }
        return column
    }

    /// Between the two neighbours, as numpy's and R's default does (Hyndman and Fan 1996, type 7).
    static func quantile(_ sorted: [Double], _ share: Double) -> Double {
        let place = share * Double(sorted.count - 1)
        let below = Int(place)
        let above = min(below + 1, sorted.count - 1)
        return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
    }

    /// The used columns of a row, normalised.
    package func normalised(_ row: [Float]) -> [Float] {
        precondition(row.count == columns.count)
        return used.map { columns[$0].normalised(row[$0]) }
    }

    package func normalised(_ table: Matrix) -> Matrix {
        precondition(table.columns == columns.count)
        var result: [Float] = []
        result.reserveCapacity(table.rows * used.count)
        for row in 0..<table.rows {
            for place in used {
                result.append(
                    columns[place].normalised(table.elements[row * table.columns + place]))
            }
        }
        return Matrix(rows: table.rows, columns: used.count, elements: result)
    }

    /// Columns that are left out, and why.
    package var unused: [(name: String, why: ColumnUse)] {
        columns.filter { $0.use != .used }.map { ($0.name, $0.use) }
    }
}
