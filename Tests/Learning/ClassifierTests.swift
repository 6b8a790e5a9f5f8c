import Foundation
import Numerics
import Randomness
import Testing

@testable import Learning

@Suite("Classifiers learn and explain")
struct ClassifierTests {
    @Test(
        "the gradient of the logistic loss equals finite differences",
        arguments: 0..<5 as Range<UInt64>)
    func gradient(seed: UInt64) {
        let examples = Worlds.examples(150, seed: seed, missing: false)
        var random = SeededRandom(seed: seed)
        let point = (0..<5).map { _ in random.normal() / 2 }
        var gradient: [Double] = []
        var spare: [Double] = []
        func loss(_ point: [Double], _ gradient: inout [Double]) -> Double {
            LogisticRegression.loss(examples.table, examples.labels, [], point, l2: 0.7, &gradient)
        }
        _ = loss(point, &gradient)
        for index in 0..<5 {
            var up = point
            var down = point
            up[index] += 1e-2
            down[index] -= 1e-2
            let slope = (loss(up, &spare) - loss(down, &spare)) / 2e-2
            #expect(abs(slope - gradient[index]) < 1e-2 * max(1, abs(slope)), "seed=\(seed)")
        }
    }

    @Test("logistic regression ends where the gradient is nothing")
    func optimum() {
        var random = SeededRandom(seed: 2)
        let rows = 4000
        var table = Matrix(rows: rows, columns: 3)
        var labels: [Float] = []
        for row in 0..<rows {
            let a = random.normal()
            let b = random.normal()
            table[row, 0] = Float(100 + 10 * a)
            table[row, 1] = Float(b)
            table[row, 2] = 5
            labels.append(random.uniform() < Logistic.chance(1.5 * a - b + 0.5) ? 1 : 0)
        }
        let model = LogisticRegression.train(Examples(table: table, labels: labels))
        #expect(abs(model.coefficients[0] - 1.5) < 0.15)
        #expect(abs(model.coefficients[1] + 1) < 0.15)
        #expect(model.coefficients[2] == 0)
        #expect(abs(model.constant - 0.5) < 0.15)
        let row = table.row(3)
        let sum = model.contributions(row).reduce(model.constant, +)
        #expect(abs(Logistic.chance(sum) - model.predict(row)) < 1e-12)
        let chances = model.predict(table)
        #expect(abs(chances.reduce(0, +) - Double(labels.reduce(0, +))) < 1)
    }

    @Test("A value far outside of what was fitted counts as one at the limit, in training too")
    func limit() throws {
        var random = SeededRandom(seed: 6)
        var elements: [Float] = []
        var labels: [Float] = []
        for row in 0..<2000 {
            let label = Float(row % 2)
            elements += [label + Float(random.normal()), Float(random.normal()) * 1e-3]
            labels.append(label)
        }
        // One row that is a thousand deviations away must not decide on its column.
        elements[1] = 1
        let model = LogisticRegression.train(
            Examples(table: Matrix(rows: 2000, columns: 2, elements: elements), labels: labels))
        for value: Float in [1, 1e6, -1e6, .infinity, -.infinity] {
            let row = [value, value]
            for (part, coefficient) in zip(model.contributions(row), model.coefficients) {
                #expect(abs(part) <= 5 * abs(coefficient), "\(value) adds \(part)")
            }
            let table = Matrix(rows: 1, columns: 2, elements: row)
            #expect(model.predict(table) == [model.predict(row)])
        }
        #expect(try LogisticRegression(safetensors: model.safetensors()).limit == 5)
        let uncut = LogisticRegression(
            featureNames: ["a"], means: [0], deviations: [1], coefficients: [1], constant: 0)
        // As a version wrote it that cut nothing.
        #expect(uncut.tensors().tensors["limit"] == nil)
        #expect(try LogisticRegression(safetensors: uncut.safetensors()).score([99]) == 99)
    }

    @Test("trees find an interaction that a line cannot, and beat the base rate")
    func trees() {
        let train = Worlds.examples(4000, seed: 1)
        let test = Worlds.examples(2000, seed: 2)
        let reports = LearningBench.classifiers(train: train, test: test)
        #expect(reports[1].auc > reports[0].auc + 0.02)
        #expect(reports[1].logLoss < reports[0].logLoss)
        for report in reports { #expect(report.logLoss < report.baseRateLogLoss * 0.9) }
        let model = GradientBoostedTrees.train(train)
        #expect(model.importance().last?.feature == "f3")
        #expect(abs(model.importance().reduce(0) { $0 + $1.share } - 1) < 1e-9)
    }

    @Test("one row is predicted as in a table, and equal training gives equal bytes")
    func single() {
        let examples = Worlds.examples(1500, seed: 7)
        var options = GradientBoostedTrees.Options()
        options.trees = 30
        options.columnShare = 0.5
        let model = GradientBoostedTrees.train(examples, options: options)
        let linear = LogisticRegression.train(examples)
        let chances = model.predict(examples.table)
        let lines = linear.predict(examples.table)
        for row in stride(from: 0, to: 1500, by: 37) {
            #expect(abs(model.predict(examples.table.row(row)) - chances[row]) < 1e-12)
            #expect(abs(linear.predict(examples.table.row(row)) - lines[row]) < 1e-12)
        }
        let again = GradientBoostedTrees.train(examples, options: options)
        #expect(model.safetensors() == again.safetensors())
        #expect(linear.safetensors() == LogisticRegression.train(examples).safetensors())
    }

    @Test("missing values that mean something are used")
    func missing() {
        let rows = 400
        var table = Matrix(rows: rows, columns: 1)
        var labels: [Float] = []
        for row in 0..<rows {
            table[row, 0] = row % 2 == 0 ? .nan : Float(row % 7)
            labels.append(row % 2 == 0 ? 1 : 0)
        }
        let model = GradientBoostedTrees.train(Examples(table: table, labels: labels))
        #expect(model.predict([.nan]) > 0.95)
        #expect(model.predict([3]) < 0.05)
    }

    @Test("noise makes early stopping stop")
    func stopping() {
        var random = SeededRandom(seed: 11)
        func noise() -> Examples {
            Examples(
                table: Matrix(
                    rows: 600, columns: 3,
                    elements: (0..<1800).map { _ in Float(random.normal()) }),
                labels: (0..<600).map { _ in Float(random.index(below: 2)) })
        }
        let model = GradientBoostedTrees.train(noise(), validation: noise())
        #expect(model.forest.roots.count < 20)
    }

    @Test("tables without rows, with one label or a constant column train to the base rate")
    func degenerate() {
        let empty = Examples(table: Matrix(rows: 0, columns: 2), labels: [])
        #expect(GradientBoostedTrees.train(empty).predict([0, 0]) == 0.5)
        #expect(LogisticRegression.train(empty).predict([0, 0]) == 0.5)
        let constant = Examples(
            table: Matrix(rows: 100, columns: 1, repeating: 3),
            labels: (0..<100).map { $0 < 25 ? 1 : 0 })
        #expect(abs(GradientBoostedTrees.train(constant).predict([3]) - 0.25) < 1e-6)
        #expect(abs(LogisticRegression.train(constant).predict([3]) - 0.25) < 1e-3)
        let allYes = Examples(
            table: Matrix(rows: 50, columns: 1, repeating: 1),
            labels: [Float](repeating: 1, count: 50))
        #expect(GradientBoostedTrees.train(allYes).predict([1]) > 0.99)
    }

    @Test("calibration undoes a stretched score")
    func calibration() {
        var random = SeededRandom(seed: 3)
        let scores = (0..<5000).map { _ in random.normal() * 3 }
        let labels = scores.map { Float(random.uniform() < Logistic.chance($0 / 3 - 1) ? 1 : 0) }
        let fit = Calibration.fit(scores: scores, labels: labels)
        #expect(abs(fit.slope - 1.0 / 3) < 0.05)
        #expect(abs(fit.shift + 1) < 0.1)
    }
}
