import Foundation
package import Numerics

extension GaussianMixture {
    /// Expectation and maximisation (Dempster, Laird and Rubin 1977) from the clusters that
    /// k-means finds. Equal tables and options give equal mixtures, whatever the number of cores.
    package static func train(_ table: Matrix, options: Options = Options()) -> GaussianMixture {
        precondition(table.rows > 0 && options.components > 0)
        var best: GaussianMixture?
        for number in 0..<max(1, options.restarts) {
            var beginning = KMeans.Options(clusters: options.components)
            beginning.seed = options.seed &+ UInt64(number)
            beginning.restarts = 1
            let centres = KMeans.train(table, options: beginning).centres
            let found = climb(table, from: KMeans.assign(table, centres), options)
            if found.logLikelihood > best?.logLikelihood ?? -.infinity { best = found }
        }
        guard let best else { preconditionFailure("no mixture was fitted") }
        return best
    }

    static func climb(_ table: Matrix, from owners: [Int], _ options: Options) -> GaussianMixture {
        var moments = Moments(options.components, table.columns)
        for (row, owner) in owners.enumerated() {
            let range = row * table.columns..<(row + 1) * table.columns
            moments.add(table.elements.span.extracting(range), owner, 1)
        }
        var mixture = moments.mixture(options)
        var before = -Double.infinity
        for _ in 0..<options.iterationsMax {
            let (seen, logLikelihood) = mixture.expect(table)
            mixture.logLikelihood = logLikelihood
            if logLikelihood - before < options.tolerance * Double(table.rows) { return mixture }
            before = logLikelihood
            mixture = seen.mixture(options)
        }
        mixture.logLikelihood = mixture.logLikelihood(of: table)
        return mixture
    }

    private func expect(_ table: Matrix) -> (Moments, Double) {
        // Pieces are of fixed size and added in order: the sum is the same on any machine.
        let pieces = Parallel.mapPieces(count: table.rows, grain: 512) { piece in
            var moments = Moments(components, columns)
            var likelihood = 0.0
            for row in piece {
                let values = table.elements.span.extracting(row * columns..<(row + 1) * columns)
                let parts = logParts(values)
                let sum = Self.logSum(parts)
                likelihood += sum
                for (component, part) in parts.enumerated() {
                    let share = exp(part - sum)
                    if share > 1e-12 { moments.add(values, component, share) }
                }
            }
            return (moments, likelihood)
        }
        var moments = Moments(components, columns)
        var likelihood = 0.0
        for (part, sum) in pieces {
            moments.add(part)
            likelihood += sum
        }
        return (moments, likelihood)
    }
}

/// Sums of shares, values and squares per component.
private struct Moments: Sendable {
    private var shares: [Double]
    private var sums: [Double]
    private var squares: [Double]
    private let columns: Int

    init(_ components: Int, _ columns: Int) {
        self.columns = columns
        shares = [Double](repeating: 0, count: components)
        sums = [Double](repeating: 0, count: components * columns)
        squares = sums
    }

    mutating func add(_ row: Span<Float>, _ component: Int, _ share: Double) {
        shares[component] += share
        for column in 0..<columns {
            let value = Double(row[column])
            sums[component * columns + column] += share * value
            squares[component * columns + column] += share * value * value
        }
    }

    mutating func add(_ other: Moments) {
        for place in shares.indices { shares[place] += other.shares[place] }
        for place in sums.indices {
            sums[place] += other.sums[place]
            squares[place] += other.squares[place]
        }
    }

    /// The most likely mixture for these sums. A component that lost every row keeps a share that
    /// is next to nothing, and the middle. How likely it is, is not known yet: 0.
    func mixture(_ options: GaussianMixture.Options) -> GaussianMixture {
        let total = shares.reduce(0) { $0 + max($1, 1e-9) }
        var means = sums
        var variances = squares
        for place in sums.indices {
            let share = max(shares[place / columns], 1e-9)
            means[place] = sums[place] / share
            variances[place] = max(
                squares[place] / share - means[place] * means[place], options.varianceMin)
        }
        return GaussianMixture(
            weights: shares.map { max($0, 1e-9) / total }, means: means, variances: variances,
            columns: columns, logLikelihood: 0)
    }
}
