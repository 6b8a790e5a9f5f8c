import Randomness
import Testing

@testable import Numerics

/// A matrix of normal numbers.
func randomMatrix(_ rows: Int, _ columns: Int, _ random: inout SeededRandom) -> Matrix {
    Matrix(
        rows: rows, columns: columns,
        elements: (0..<rows * columns).map { _ in Float(random.normal()) })
}

func isClose(_ a: [Float], _ b: [Float], tolerance: Float = 1e-3) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($1)) }
}

@Suite("Fast products equal the naive loops")
struct ProductTests {
    @Test("all shapes", arguments: 0..<40 as Range<UInt64>)
    func products(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let rows = 1 + random.index(below: seed < 4 ? 600 : 40)
        let inner = 1 + random.index(below: 40)
        let width = 1 + random.index(below: 40)
        let a = randomMatrix(rows, inner, &random)
        let b = randomMatrix(inner, width, &random)
        let product = Naive.times(a, b)
        #expect(isClose(a.times(b).elements, product.elements), "seed=\(seed)")
        let transposed = a.timesTransposed(Naive.transposed(b))
        #expect(isClose(transposed.elements, product.elements), "seed=\(seed)")
        #expect(isClose(a.times(b.column(0)), product.column(0)), "seed=\(seed)")
        let gram = Naive.times(Naive.transposed(a), a)
        #expect(isClose(a.gram().elements, gram.elements), "seed=\(seed)")
        let left = randomMatrix(1, rows, &random)
        #expect(
            isClose(a.transposedTimes(left.elements), Naive.times(left, a).elements),
            "seed=\(seed)")
        #expect(abs(dot(a.row(0), a.row(rows - 1)) - Naive.dot(a.row(0), a.row(rows - 1))) < 1e-3)
    }

    @Test("Cholesky solves what it is given", arguments: 0..<20 as Range<UInt64>)
    func cholesky(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let size = 1 + random.index(below: 30)
        var a = randomMatrix(size + 5, size, &random).gram()
        for index in 0..<size { a[index, index] += 1 }
        let x = randomMatrix(size, 1, &random).elements
        let solved = try choleskySolve(
            a, Naive.times(a, Matrix(rows: size, columns: 1, elements: x)).elements)
        #expect(isClose(solved, x, tolerance: 1e-2), "seed=\(seed)")
    }

    @Test("Cholesky refuses a matrix that is not positive definite")
    func refused() {
        #expect(throws: NotPositiveDefinite()) {
            try choleskySolve(Matrix([[1, 2], [2, 1]]), [1, 1])
        }
    }
}
