import Foundation
import Numerics
import Randomness
import Testing

@testable import Learning

@Suite("The isolation forest finds who is alone")
struct IsolationForestTests {
    /// A crowd around 0 in all columns; the last rows lie apart in the column of their number.
    static func crowd(_ rows: Int, apart: Int, columns: Int = 4, seed: UInt64 = 1) -> Matrix {
        var random = SeededRandom(seed: seed)
        var table = Matrix(rows: rows + apart, columns: columns)
        for row in 0..<rows + apart {
            for column in 0..<columns { table[row, column] = Float(random.normal()) }
            if row >= rows { table[row, row % columns] += 9 }
        }
        return table
    }

    @Test("the mean length of a search is the paper's")
    func pathLengths() {
        #expect(IsolationForest.averagePathLength(0) == 0)
        #expect(IsolationForest.averagePathLength(1) == 0)
        #expect(IsolationForest.averagePathLength(2) == 1)
        #expect(abs(IsolationForest.averagePathLength(256) - 10.244_770_920) < 1e-6)
        #expect(IsolationForest.depthMax(sampleSize: 256) == 8)
        #expect(IsolationForest.depthMax(sampleSize: 257) == 9)
        #expect(IsolationForest.depthMax(sampleSize: 1) == 0)
    }

    @Test("two rows are cut once, so both score a half")
    func twoRows() {
        let forest = IsolationForest.train(Matrix([[1], [2]]))
        #expect(forest.pathLength([1]) == 1)
        #expect(forest.score([1]) == 0.5)
        #expect(forest.score([99]) == 0.5)
    }

    @Test("who lies apart ranks first, and the column that parts them is named")
    func alone() throws {
        let table = Self.crowd(1000, apart: 8)
        let forest = IsolationForest.train(table)
        let scores = forest.scores(table)
        let labels = scores.indices.map { Float($0 >= 1000 ? 1 : 0) }
        #expect(ClassificationMetrics.auc(scores, labels) > 0.99)
        let middle = scores[..<1000].sorted()[500]
        #expect(middle < 0.5)
        #expect(scores[1000...].allSatisfy { $0 > 0.5 && $0 > middle + 0.05 })
        for row in 1000..<1008 {
            let parts = forest.contributions(table.row(row))
            let first = try #require(parts.indices.max { parts[$0] < parts[$1] })
            #expect(first == row % 4)
            #expect(parts[first] > 0.05)
        }
    }

    @Test("equals the paper's recursive form", arguments: 0..<6 as Range<UInt64>)
    func reference(seed: UInt64) {
        var table = Self.crowd(Int(40 + 90 * seed), apart: 3, seed: seed)
        for row in stride(from: 0, to: table.rows, by: 7) { table[row, 1] = .nan }
        for row in 0..<table.rows { table[row, 3] = (table[row, 3] * 2).rounded() }
        var options = IsolationForest.Options()
        options.trees = 20
        options.seed = seed
        let forest = IsolationForest.train(table, options: options)
        let naive = IsolationReference(table, options: options)
        let scores = forest.scores(table)
        for row in 0..<table.rows {
            #expect(forest.score(table.row(row)) == scores[row])
            #expect(abs(naive.score(table.row(row)) - scores[row]) < 1e-6, "seed=\(seed)")
        }
    }

    @Test("columns without values or without differences are named and change nothing")
    func unusedColumns() throws {
        let plain = Self.crowd(300, apart: 4)
        var wide = Matrix(rows: plain.rows, columns: 6)
        for row in 0..<plain.rows {
            for column in 0..<4 { wide[row, column] = plain[row, column] }
            wide[row, 4] = .nan
            wide[row, 5] = row % 3 == 0 ? .nan : 7
        }
        let names = ["a", "b", "c", "d", "never", "always"]
        let forest = IsolationForest.train(wide, featureNames: names)
        #expect(forest.unused.map(\.feature) == ["never", "always"])
        #expect(forest.unused.map(\.why) == [.missing, .constant])
        #expect(forest.scores(wide) == IsolationForest.train(plain).scores(plain))
        // Not even a value that was never seen there.
        var strange = wide.row(0)
        strange[4] = 1e9
        strange[5] = -1e9
        #expect(forest.score(strange) == forest.score(wide.row(0)))
        #expect(forest.contributions(strange)[4...] == [0, 0])
    }

    @Test("a missing value counts as the middle one")
    func missing() {
        let table = Self.crowd(500, apart: 5)
        let forest = IsolationForest.train(table)
        var row = table.row(500)
        let whole = forest.score(row)
        row[0] = .nan
        var usual = row
        usual[0] = forest.medians[0]
        #expect(forest.score(row) == forest.score(usual))
        #expect(forest.score(row) < whole)
    }

    @Test("tables of nothing, one row or equal rows tell nobody apart")
    func degenerate() {
        let tables = [
            Matrix(rows: 0, columns: 3), Matrix(rows: 1, columns: 3),
            Matrix(rows: 400, columns: 3, repeating: 2),
            Matrix(rows: 400, columns: 3, repeating: .nan), Matrix(rows: 400, columns: 0),
        ]
        for table in tables {
            let forest = IsolationForest.train(table)
            let row = [Float](repeating: 5, count: table.columns)
            #expect(abs(forest.score(row) - 0.5) < 1e-6)
        }
    }

    @Test("equal seeds give equal bytes, another seed another forest, and files come back")
    func files() throws {
        let table = Self.crowd(300, apart: 2)
        let forest = IsolationForest.train(table)
        #expect(forest.safetensors() == IsolationForest.train(table).safetensors())
        #expect(try IsolationForest(safetensors: forest.safetensors()) == forest)
        var options = IsolationForest.Options()
        options.seed = 2
        #expect(IsolationForest.train(table, options: options) != forest)
    }

    @Test("no flipped byte and no cut file traps")
    func damage() {
        var options = IsolationForest.Options()
        options.trees = 2
        options.sampleSize = 8
        let bytes = IsolationForest.train(Self.crowd(20, apart: 1), options: options).safetensors()
        func use(_ bytes: [UInt8]) throws(SafetensorsError) {
            let forest = try IsolationForest(safetensors: bytes)
            _ = forest.contributions([Float](repeating: 0, count: forest.featureNames.count))
        }
        for length in 0..<bytes.count {
            #expect(throws: SafetensorsError.self, "length=\(length)") {
                try use(Array(bytes[..<length]))
            }
        }
        var refused = 0
        for index in bytes.indices {
            for mask: UInt8 in [0x01, 0x80, 0xFF] {
                var broken = bytes
                broken[index] ^= mask
                do throws(SafetensorsError) { try use(broken) } catch { refused += 1 }
            }
        }
        #expect(refused > bytes.count / 2)
    }

    @Test("precision at the top counts the highest chances")
    func top() {
        let chances = [0.1, 0.9, 0.5, 0.5]
        let labels: [Float] = [1, 1, 0, 1]
        #expect(ClassificationMetrics.precision(chances, labels, top: 1) == 1)
        #expect(ClassificationMetrics.precision(chances, labels, top: 2) == 0.5)
        #expect(ClassificationMetrics.precision(chances, labels, top: 9) == 0.75)
        #expect(ClassificationMetrics.precision(chances, labels, top: 0) == 0)
        #expect(ClassificationMetrics.precision([], [], top: 3) == 0)
    }
}
