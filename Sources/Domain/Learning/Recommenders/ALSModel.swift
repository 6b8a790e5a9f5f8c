package import Numerics

/// Implicit alternating least squares: users and items as short vectors whose dot product says
/// how likely a choice is (Hu, Koren, Volinsky 2008).
package struct ALSModel: Recommender, Equatable {
    package let items: Vocabulary
    package let itemFactors: Matrix
    package let alpha: Float
    package let regularisation: Float
    package let weightCap: Float
    /// itemFactorsᵀ·itemFactors with the regularisation on its diagonal.
    let normal: Matrix

    package var itemCount: Int { itemFactors.rows }

    package init(
        items: Vocabulary, itemFactors: Matrix, alpha: Float, regularisation: Float,
        weightCap: Float
    ) {
        precondition(items.count == itemFactors.rows)
        self.items = items
        self.itemFactors = itemFactors
        self.alpha = alpha
        self.regularisation = regularisation
        self.weightCap = weightCap
        normal = LeastSquaresSweep.normal(itemFactors, regularisation: regularisation)
    }

    /// Conjugate gradient steps of a fold-in, which starts from nothing.
    private static let foldInSteps = 12

    /// The vector of a user known by what they did.
    package func userFactor(for history: History) -> [Float] {
        userFactors(for: [history]).elements
    }

    /// The vectors of several users; each is as it would be alone.
    package func userFactors(for histories: [History]) -> Matrix {
        var offsets = [0]
        var columns: [Int32] = []
        var values: [Float] = []
        for history in histories {
            for entry in history.totals() {
                columns.append(entry.item)
                values.append(alpha * min(entry.weight, weightCap))
            }
            offsets.append(columns.count)
        }
        let cells = SparseRows(
            columnCount: itemCount, offsets: offsets, columns: columns, values: values)
        let sweep = LeastSquaresSweep(
            confidence: cells, regularisation: regularisation, steps: Self.foldInSteps)
        var factors = Matrix(rows: histories.count, columns: itemFactors.columns)
        sweep.solve(&factors, from: itemFactors, normal: normal)
        return factors
    }

    package func scores(for history: History) -> [Float] {
        itemFactors.times(userFactor(for: history))
    }

    /// A row of scores per history.
    package func scores(for histories: [History]) -> Matrix {
        userFactors(for: histories).timesTransposed(itemFactors)
    }

    /// The items whose vectors point the same way (cosine).
    package func similar(to item: Int32, count: Int) -> [Ranked] {
        let own = itemFactors.row(Int(item))
        var sums = itemFactors.times(own)
        for index in sums.indices {
            let other = itemFactors.row(index)
            let length = (dot(other, other) * dot(own, own)).squareRoot()
            sums[index] = length > 0 ? sums[index] / length : 0
        }
        return topK(sums, k: count, excluding: [item])
    }
}
