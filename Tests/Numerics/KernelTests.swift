import Foundation
import Randomness
import Testing

@testable import Numerics

@Suite("The kernels of training equal their definitions")
struct KernelTests {
    private func randomSparse(
        _ rows: Int, _ columns: Int, _ random: inout SeededRandom
    ) -> SparseRows {
        let cells = (0..<rows * 4).map { _ in
            (Int32(random.index(below: rows)), Int32(random.index(below: columns)))
        }
        return SparseRows(
            rowCount: rows, columnCount: columns, rows: cells.map(\.0), columns: cells.map(\.1),
            values: cells.map { _ in Float(1 + random.index(below: 3)) })
    }

    @Test("enough conjugate gradient steps reach the exact solution", arguments: [3, 16, 21])
    func leastSquares(size: Int) throws {
        var random = SeededRandom(seed: UInt64(size))
        let cells = randomSparse(40, 30, &random)
        let y = randomMatrix(30, size, &random)
        var x = Matrix(rows: 40, columns: size)
        LeastSquaresSweep(confidence: cells, regularisation: 1, steps: 60).solve(&x, from: y)
        for row in 0..<40 {
            var a = LeastSquaresSweep.normal(y, regularisation: 1)
            var b = [Float](repeating: 0, count: size)
            for entry in cells.offsets[row]..<cells.offsets[row + 1] {
                let factor = y.row(Int(cells.columns[entry]))
                let extra = cells.values[entry]
                for i in 0..<size {
                    b[i] += (1 + extra) * factor[i]
                    for j in 0..<size { a[i, j] += extra * factor[i] * factor[j] }
                }
            }
            let exact = try choleskySolve(a, b)
            #expect(isClose(x.row(row), exact, tolerance: 5e-3), "row=\(row)")
        }
    }

    @Test("items chosen together are the cosine of their columns")
    func together() {
        var random = SeededRandom(seed: 9)
        let users = randomSparse(30, 12, &random)
        let lists = NeighbourLists.together(
            users: users, damping: [Float](repeating: 1, count: 30),
            norm: NeighbourNorm(fromExponent: 0.5, toExponent: 0.5, shrink: 0), count: 12)
        var dense = Matrix(rows: 30, columns: 12)
        for row in 0..<30 {
            for entry in users.offsets[row]..<users.offsets[row + 1] {
                dense[row, Int(users.columns[entry])] = users.values[entry]
            }
        }
        for item in 0..<12 {
            let near = lists.nearest(to: item, count: 12)
            #expect(zip(near, near.dropFirst()).allSatisfy { $0.score >= $1.score })
            for other in near {
                let a = dense.column(item)
                let b = dense.column(other.index)
                let cosine = Naive.dot(a, b) / (Naive.dot(a, a) * Naive.dot(b, b)).squareRoot()
                #expect(abs(cosine - other.score) < 1e-4)
            }
            let related = (0..<12).filter {
                $0 != item && Naive.dot(dense.column(item), dense.column($0)) > 0
            }
            #expect(Set(near.map(\.index)) == Set(related))
        }
    }

    @Test("items that follow are counted by distance within their sequence only")
    func following() {
        let lists = NeighbourLists.following(
            sequence: [0, 1, 2, 0, 1, 3], offsets: [0, 3, 6], damping: [1, 1], itemCount: 4,
            weights: [1, 0.5], norm: NeighbourNorm(fromExponent: 0, toExponent: 0, shrink: 0),
            count: 4)
        #expect(
            lists.nearest(to: 0, count: 4) == [
                Ranked(index: 1, score: 2), Ranked(index: 2, score: 0.5),
                Ranked(index: 3, score: 0.5),
            ])
        #expect(lists.nearest(to: 2, count: 4) == [])
        #expect(lists.nearest(to: 1, count: 1) == [Ranked(index: 2, score: 1)])
    }

    @Test(
        "the histogram finds the split that trying all of them finds",
        arguments: 0..<25 as Range<UInt64>)
    func split(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let columns = 1 + random.index(below: 20)
        let rows = 60
        var table = Matrix(rows: rows, columns: columns)
        for index in table.elements.indices {
            table.elements[index] =
                random.index(below: 8) == 0 ? .nan : Float(random.index(below: 9))
        }
        let labels = (0..<rows).map { _ in Float(random.index(below: 2)) }
        let bounds = [[Float]](
            repeating: (0..<8).map { Float($0) + 0.5 }, count: columns)
        var workspace = TreeWorkspace(BinnedTable(table, bounds: bounds), leavesMax: 2)
        let scores = [Double](repeating: 0, count: rows)
        let sums = workspace.start(scores: scores, labels: labels, weights: [])
        let rules = SplitRules(l2: 1, childWeightMin: 0, childRowsMin: 1, gainMin: 1e-9)
        let found = workspace.split(
            .init(slot: 0, rows: 0..<rows, sums: sums), sibling: nil,
            columns: [Bool](repeating: true, count: columns), rules: rules
        ).0
        var best = 0.0
        for column in 0..<columns {
            for bound in bounds[column] + [.infinity] {
                for missingLeft in [false, true] {
                    var left = Derivatives.zero
                    for row in 0..<rows {
                        let value = table[row, column]
                        guard value.isNaN ? missingLeft : value <= bound else { continue }
                        left += Derivatives(Double(0.5 - labels[row]), 0.25)
                    }
                    let right = sums - left
                    guard left.y > 0.1, right.y > 0.1 else { continue }
                    best = max(best, rules.score(left) + rules.score(right) - rules.score(sums))
                }
            }
        }
        #expect(abs((found?.gain ?? 0) - best) < 1e-6, "seed=\(seed)")
        let split = try #require(found)
        let left = workspace.part(0..<rows, by: split)
        let wanted = (0..<rows).count { row in
            let value = table[row, split.column]
            return value.isNaN ? split.missingGoesLeft : value <= Float(split.bin) + 0.5
        }
        #expect(left == wanted, "seed=\(seed)")
    }

    @Test("a forest whose paths do not end is refused")
    func forest() {
        let leaf = TreeNode.leaf(1)
        let loop = TreeNode(column: 0, bound: 0, left: 0, missing: 0)
        #expect(Forest(columns: 1, nodes: [loop, leaf, leaf], roots: [0]) == nil)
        let good = TreeNode(column: 0, bound: 0, left: 1, missing: 1)
        let forest = Forest(columns: 1, nodes: [good, .leaf(-1), .leaf(2)], roots: [0])
        #expect(forest?.sum([-3]) == -1)
        #expect(forest?.sum([1]) == 2)
        #expect(forest?.sum([.nan]) == 2)
        #expect(Forest(columns: 0, nodes: [good, leaf, leaf], roots: [0]) == nil)
        #expect(Forest(columns: 1, nodes: [good, leaf], roots: [0]) == nil)
        #expect(Forest(columns: 1, nodes: [leaf], roots: [1]) == nil)
    }
}
