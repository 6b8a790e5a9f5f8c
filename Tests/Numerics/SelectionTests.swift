import Randomness
import Testing

@testable import Numerics

@Suite("Selecting, drawing and spreading work")
struct SelectionTests {
    @Test("topK equals a full sort", arguments: 0..<60 as Range<UInt64>)
    func topKEqualsSort(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let count = random.index(below: 300)
        // Few different values: ties matter.
        let scores = (0..<count).map { _ in
            random.index(below: 20) == 0 ? Float.nan : Float(random.index(below: 12)) - 5
        }
        let excluded = (0..<random.index(below: 20)).map { _ in Int32(random.index(below: 320)) }
        let k = random.index(below: 40)
        let found = topK(scores, k: k, excluding: excluded)
        let wanted = Naive.topK(scores, k: k, excluding: Set(excluded.map { Int($0) }))
        #expect(found.map(\.index) == wanted, "seed=\(seed)")
        #expect(found.allSatisfy { $0.score == scores[$0.index] })
        #expect(topK(scores, k: k).map(\.index) == Naive.topK(scores, k: k, excluding: []))
    }

    @Test("the generator gives its published numbers")
    func published() {
        // SplitMix64 of 0 gives e220a8397b1dcdaf first; xoshiro256** makes this of the state.
        var random = SeededRandom(seed: 0)
        #expect(random.next() == 0x99EC_5F36_CB75_F2B4)
        var again = SeededRandom(seed: 0)
        _ = again.next()
        #expect(random.next() == again.next())
    }

    @Test("normal numbers have mean 0 and variance 1")
    func normal() {
        var random = SeededRandom(seed: 5)
        let drawn = (0..<20_000).map { _ in random.normal() }
        let mean = drawn.reduce(0, +) / 20_000
        let variance = drawn.reduce(0) { $0 + $1 * $1 } / 20_000
        #expect(abs(mean) < 0.03)
        #expect(abs(variance - 1) < 0.05)
    }

    @Test("pieces cover every index once, on any number of threads", arguments: [1, 2, 5])
    func pieces(threads: Int) {
        let sums = Parallel.mapPieces(count: 1003, grain: 10, threads: threads) { Array($0) }
        #expect(sums.flatMap { $0 } == Array(0..<1003))
        #expect(sums.count == 101)
    }

    @Test("sparse rows sum pairs, cut them and turn over", arguments: 0..<20 as Range<UInt64>)
    func sparse(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let rows = 1 + random.index(below: 12)
        let columns = 1 + random.index(below: 12)
        var dense = Matrix(rows: rows, columns: columns)
        var triples: [(Int32, Int32, Float)] = []
        for _ in 0..<random.index(below: 80) {
            let row = random.index(below: rows)
            let column = random.index(below: columns)
            let value = Float(1 + random.index(below: 3))
            dense[row, column] += value
            triples.append((Int32(row), Int32(column), value))
        }
        let sparse = SparseRows(
            rowCount: rows, columnCount: columns, rows: triples.map(\.0),
            columns: triples.map(\.1), values: triples.map(\.2), cap: 4)
        var back = Matrix(rows: rows, columns: columns)
        var turned = back
        for row in 0..<rows {
            for entry in sparse.offsets[row]..<sparse.offsets[row + 1] {
                back[row, Int(sparse.columns[entry])] = sparse.values[entry]
            }
        }
        let other = sparse.transposed()
        for column in 0..<columns {
            for entry in other.offsets[column]..<other.offsets[column + 1] {
                turned[Int(other.columns[entry]), column] = other.values[entry]
            }
        }
        #expect(back.elements == dense.elements.map { min($0, 4) }, "seed=\(seed)")
        #expect(turned == back, "seed=\(seed)")
    }
}
