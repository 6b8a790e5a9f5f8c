import Events
import Features
import Learning
import Messages
import Numerics
import Recommendation
import Runtime
import System
import Testing

@testable import Scoring
@testable import ModelTraining
@testable import Training

@Suite("Purchase models: apart in time, and served only when they are better")
struct PurchaseModelTests {
    private static let hourMs: Int64 = 3_600_000

    /// Ten users with an example each hour, whose only feature is its hour; half of them buy at
    /// every fifteenth hour.
    private func data(hours: Range<Int64>) -> TrainingData {
        var intake = TrainingIntake(interactionsMax: 1_000_000, featureCount: 1)
        var entry = OutboxEntry()
        for hour in hours {
            for user in 0..<10 {
                entry.content = .example(
                    Example(
                        userID: "u\(user)", timeMs: hour * Self.hourMs, features: [Float(hour)]))
                intake.add(entry)
                guard hour % 15 == 0, user < 5 else { continue }
                var interaction = Interaction()
                interaction.userID = "u\(user)"
                interaction.itemID = "i"
                interaction.type = EventType.purchase.rawValue
                interaction.timeMs = hour * Self.hourMs
                entry.content = .interaction(interaction)
                intake.add(entry)
            }
        }
        return TrainingData(intake.rows)
    }

    @Test("No label of one part looks into the time of the next", arguments: [10, 40, 1000])
    func gaps(horizonHours: Int) throws {
        let made = try PropensityData.make(
            data(hours: 0..<600), horizonHours: horizonHours, featureNames: ["hour"]
        ).get()
        let horizon = Float(made.horizonMs / Self.hourMs)
        let parts = [made.fit, made.tune, made.choose, made.test].map(\.table.elements)
        func lies(_ earlier: Int, before later: Int) -> Bool {
            (parts[earlier].max() ?? .infinity) + horizon <= (parts[later].min() ?? -.infinity)
        }
        #expect(lies(0, before: 1) && lies(0, before: 2), "horizon \(horizon)")
        #expect(lies(1, before: 3) && lies(2, before: 3), "horizon \(horizon)")
        #expect((parts[3].max() ?? 0) + horizon <= 599)
        #expect(parts.allSatisfy { $0.count > 50 }, "\(parts.map(\.count))")
    }

    private func propensity(_ constant: Double, trees: Bool) -> [UInt8] {
        var forest = Forest(columns: 1)
        forest.append([.leaf(1)])
        return ModelBytes.propensity(
            Propensity(
                classifier: trees
                    ? .trees(
                        GradientBoostedTrees(
                            featureNames: ["a"], base: constant, forest: forest, gains: [0]))
                    : .logistic(
                        LogisticRegression(
                            featureNames: ["a"], means: [0], deviations: [1],
                            coefficients: [1], constant: constant)),
                calibration: Calibration(slope: 1, shift: 0),
                typical: [Float](repeating: 0, count: Propensity.levels), horizonHours: 1))
    }

    @Test("Trees are served only where they did better on what was kept for choosing")
    func choice() throws {
        let folder = try Files.makeTemporaryFolder(prefix: "limn-choice")
        defer { try? Files.removeTree(folder) }
        func served(
            _ logistic: [(String, Double)]?, _ trees: [(String, Double)]?, viaFile: Bool = false
        ) throws -> String? {
            var models: [Model] = []
            for (name, metrics) in [("purchase_logistic", logistic), ("purchase_trees", trees)] {
                guard let metrics else { continue }
                let bytes = propensity(1, trees: name == "purchase_trees")
                var model = Model()
                model.name = name
                model.version = 1
                model.file = "\(name)-1.safetensors"
                model.sha256 = Digest.sha256Hex(bytes)
                for (name, value) in metrics {
                    var metric = NamedValue()
                    metric.name = name
                    metric.value = value
                    model.metrics.append(metric)
                }
                try Files.writeAtomically("\(folder)/\(model.file)", bytes)
                models.append(model)
            }
            if viaFile { models = try ManifestList.decode(ManifestFile.encode(models)) }
            var shelf = ModelShelf()
            #expect(shelf.load(models, folder: folder) == [])
            return shelf.propensity?.name
        }
        let choice = Propensity.choiceMetric
        for viaFile in [false, true] {
            func name(_ one: Double, _ other: Double) throws -> String? {
                // What was tested on says the opposite each time and must not count.
                try served(
                    [(choice, one), ("log_loss", other)], [(choice, other), ("log_loss", one)],
                    viaFile: viaFile)
            }
            #expect(try name(0.3, 0.4) == "purchase_logistic/1")
            #expect(try name(0.4, 0.3) == "purchase_trees/1")
            #expect(try name(0.3, 0.3) == "purchase_logistic/1")
        }
        #expect(try served([("log_loss", 0.3)], [("log_loss", 0.2)]) == "purchase_trees/1")
        #expect(
            try served([("log_loss", 0.3)], [(choice, 0.1), ("log_loss", 0.4)])
                == "purchase_logistic/1")
        #expect(try served([], []) == "purchase_logistic/1")
        #expect(try served(nil, []) == "purchase_trees/1")
        #expect(try served(nil, nil) == nil)
    }
}
