import Foundation
import Numerics
import Randomness
import Testing

@testable import Learning

@Suite("Clusters are found, counted and compared")
struct ClusteringTests {
    /// Bells around points that lie apart; returns the rows and whose each is.
    static func bells(
        _ counts: [Int], columns: Int = 3, apart: Float = 6, seed: UInt64 = 1
    ) -> (table: Matrix, owners: [Int]) {
        var random = SeededRandom(seed: seed)
        var owners = counts.indices.flatMap { Array(repeating: $0, count: counts[$0]) }
        owners.shuffle(using: &random)
        var table = Matrix(rows: owners.count, columns: columns)
        for (row, owner) in owners.enumerated() {
            for column in 0..<columns {
                let middle = column == owner % columns ? apart * Float(1 + owner / columns) : 0
                table[row, column] = middle + Float(random.normal())
            }
        }
        return (table, owners)
    }

    @Test("the index is that of the paper, and of scikit-learn's documentation")
    func randIndex() {
        #expect(AdjustedRandIndex.between([0, 0, 1, 1], ["b", "b", "a", "a"]) == 1)
        #expect(abs(AdjustedRandIndex.between([0, 0, 1, 2], [0, 0, 1, 1]) - 0.571_428_571) < 1e-8)
        #expect(abs(AdjustedRandIndex.between([0, 0, 0, 0], [0, 1, 2, 3])) < 1e-12)
        #expect(AdjustedRandIndex.between([0, 1, 2], [5, 6, 7]) == 1)
        #expect(AdjustedRandIndex.between([Int](), [Int]()) == 1)
    }

    @Test("equals the algorithm as it is told", arguments: 0..<6 as Range<UInt64>)
    func reference(seed: UInt64) {
        let (table, _) = Self.bells([60, 50, 40, 30], apart: 3, seed: seed)
        var random = SeededRandom(seed: seed)
        let first = KMeans.beginning(table, clusters: 4, &random)
        let fast = KMeans.lloyd(table, from: first, iterationsMax: 100)
        let naive = KMeansReference.lloyd(table, from: first, iterationsMax: 100)
        #expect(abs(fast.inertia - naive.inertia) < 1e-3, "seed=\(seed)")
        for centre in 0..<4 {
            for column in 0..<3 {
                let apart = Double(fast.centres[centre, column]) - naive.centres[centre][column]
                #expect(abs(apart) < 1e-4, "seed=\(seed)")
            }
        }
    }

    @Test("planted bells are found, and their number", arguments: Clustering.Method.allCases)
    func planted(method: Clustering.Method) {
        let (table, owners) = Self.bells([300, 200, 100, 150])
        let found = Clustering.choose(table, method: method, numbers: 2...7, seed: 1)
        #expect(found.clusters == 4)
        #expect(AdjustedRandIndex.between(owners, found.clusters(of: table)) > 0.95)
        #expect(found.evidence.map(\.clusters) == [2, 3, 4, 5, 6, 7])
        let again = Clustering.choose(table, method: method, numbers: 2...7, seed: 1)
        #expect(again.algorithm == found.algorithm)
    }

    @Test("nobody is left without a centre, and equal rows do no harm")
    func degenerate() {
        let equal = Matrix(rows: 5, columns: 2, repeating: 1)
        let model = KMeans.train(equal, options: .init(clusters: 3))
        #expect(model.inertia == 0 && model.centres.rows == 3)
        #expect(model.nearest([1, 1]).cluster == 0)
        let mixture = GaussianMixture.train(equal, options: .init(components: 2))
        #expect(mixture.logLikelihood.isFinite)
        #expect(abs(mixture.weights.reduce(0, +) - 1) < 1e-9)
        let one = KMeans.train(Matrix([[3, 4]]), options: .init(clusters: 1))
        #expect(one.centres.elements == [3, 4])
        // A centre far from all rows is moved to one of them.
        let (table, _) = Self.bells([50, 50])
        let lost = KMeans.lloyd(
            table, from: Matrix([[0, 0, 0], [999, 999, 999]]), iterationsMax: 50)
        #expect(Set(KMeans.assign(table, lost.centres)).count == 2)
    }

    @Test("each step of the mixture is more likely, and densities are the formula's")
    func mixture() {
        let (table, _) = Self.bells([80, 120, 60], apart: 2, seed: 3)
        var options = GaussianMixture.Options(components: 3)
        options.tolerance = 0
        let owners = KMeans.assign(table, table.selecting(rows: [0, 1, 2]))
        var before = -Double.infinity
        for steps in 1...15 {
            options.iterationsMax = steps
            let model = GaussianMixture.climb(table, from: owners, options)
            #expect(model.logLikelihood >= before - 1e-6)
            before = model.logLikelihood
        }
        options.iterationsMax = 15
        let model = GaussianMixture.climb(table, from: owners, options)
        var sum = 0.0
        for row in 0..<table.rows {
            var density = 0.0
            for component in 0..<3 {
                var product = model.weights[component]
                for column in 0..<3 {
                    let place = component * 3 + column
                    let apart = Double(table[row, column]) - model.means[place]
                    product *=
                        exp(-apart * apart / (2 * model.variances[place]))
                        / (2 * .pi * model.variances[place]).squareRoot()
                }
                density += product
            }
            sum += log(density)
        }
        #expect(abs(sum - model.logLikelihood(of: table)) < 1e-6 * abs(sum))
        #expect(model.parameters == 2 + 18)
    }

    @Test("silhouettes are those of the definition")
    func silhouette() throws {
        // Worked by hand: a = 1, b = (9 + 10) / 2 and (8 + 9) / 2, and so on.
        let table = Matrix([[0], [1], [9], [10]])
        let value = try #require(Silhouette.mean(table, owners: [0, 0, 1, 1]))
        #expect(abs(value - (2 * (8.5 / 9.5) + 2 * (7.5 / 8.5)) / 4) < 1e-9)
        #expect(Silhouette.mean(table, owners: [0, 0, 0, 0]) == nil)
        #expect(Silhouette.mean(table, owners: [0, 1, 1, 1]) != nil)
    }

    @Test("matchings are the best of all", arguments: 0..<40 as Range<UInt64>)
    func matching(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let rows = 1 + random.index(below: 5)
        let columns = 1 + random.index(below: 5)
        let values = (0..<rows).map { _ in
            (0..<columns).map { _ in Double(random.index(below: 10)) }
        }
        let found = OptimalMatching.match(values)
        let used = found.compactMap { $0 }
        #expect(used.count == min(rows, columns) && Set(used).count == used.count)
        let sum = found.enumerated().reduce(0.0) { total, pair in
            total + (pair.element.map { values[pair.offset][$0] } ?? 0)
        }
        #expect(sum == Self.best(values, row: 0, taken: []), "seed=\(seed)")
    }

    private static func best(_ values: [[Double]], row: Int, taken: Set<Int>) -> Double {
        guard row < values.count else { return 0 }
        var most = best(values, row: row + 1, taken: taken)
        for column in values[row].indices where !taken.contains(column) {
            most = max(
                most,
                values[row][column] + best(values, row: row + 1, taken: taken.union([column])))
        }
        return most
    }

    @Test("columns are normalised by each method, and useless ones named")
    func normaliser() {
        let nan = Float.nan
        let table = Matrix([
            [1, 1, 1, 1, 0, 7, nan], [2, 2, 2, 2, 1, 7, nan], [nan, 3, 3, 3, 3, 7, nan],
            [3, 4, 4, 100, 7, 7, nan],
        ])
        let fitted = Normaliser.fit(
            table, names: ["z", "unit", "both", "robust", "log", "same", "none"],
            methods: [
                .standard, .unit, .symmetric, .robust, .logarithmic, .standard, .standard,
            ])
        #expect(fitted.unused.map(\.name) == ["same", "none"])
        #expect(fitted.unused.map(\.why) == [.constant, .missing])
        let rows = (0..<4).map { fitted.normalised(table.row($0)) }
        let z = Float(1.5).squareRoot()
        for (found, wanted) in zip(rows.map { $0[0] }, [-z, 0, 0, z]) {
            #expect(abs(found - wanted) < 1e-6)
        }
        #expect(rows.map { $0[1] } == [0, Float(1.0 / 3), Float(2.0 / 3), 1])
        #expect(abs(rows[0][2] + 1) < 1e-6 && abs(rows[3][2] - 1) < 1e-6)
        // Quartiles 1.75, 2.5 and 27.25 as numpy reckons them.
        #expect(abs(rows[0][3] - Float((1 - 2.5) / 25.5)) < 1e-6)
        #expect(abs(rows.map { $0[4] }.reduce(0, +)) < 1e-5)
        #expect(fitted.normalised(table) == Matrix(rows))
        // What was not in the fit is treated by what was fitted.
        #expect(fitted.normalised([nan, 5, nan, 2.5, nan, 0, 0])[1] == Float(4.0 / 3))
        #expect(fitted.normalised([nan, 5, nan, 2.5, nan, 0, 0])[3] == 0)
    }
}
