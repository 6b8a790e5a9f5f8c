package import Learning
import Numerics
import Randomness
import RiskRules

/// What labels of known fraud and known honesty teach: a classifier, calibrated on rows that it
/// had not seen.
package struct LabelledRisk: Sendable, Equatable {
    package enum Classifier: Sendable, Equatable {
        case logistic(LogisticRegression)
        case trees(GradientBoostedTrees)

        package var name: String {
            switch self {
            case .logistic: "logistic_regression"
            case .trees: "gradient_boosted_trees"
            }
        }

        /// Log odds.
        func score(_ row: [Float]) -> Double {
            switch self {
            case .logistic(let model): model.score(row)
            case .trees(let model): model.score(row)
            }
        }
    }

    package let classifier: Classifier
    package let calibration: Calibration
    package let rows: Int
    /// Labelled rows that are yes.
    package let yes: Int
    /// Of rows outside of what each fold was trained on.
    package let auc: Double
    package let averagePrecision: Double

    /// Labels of each kind that are asked for: fewer would leave folds without one.
    package static let labelsMin = 10
    private static let folds = 5

    package func chance(_ row: [Float]) -> Double { calibration.chance(classifier.score(row)) }

    /// What each input adds to the log odds, beside the row with that input's usual value.
    func contributions(_ row: [Float], usual: [Float]) -> [Double] {
        let whole = classifier.score(row)
        var changed = row
        return row.indices.map { place in
            guard row[place].isFinite, usual[place].isFinite else { return 0 }
            changed[place] = usual[place]
            defer { changed[place] = row[place] }
            return calibration.slope * (whole - classifier.score(changed))
        }
    }

    /// Trains a line and trees on four fifths in turn, calibrates each on the fifth left out, and
    /// keeps the one whose calibrated chances lose less there; it is then trained on all rows.
    static func train(_ examples: Examples, seed: UInt64) throws(RiskFailure) -> LabelledRisk {
        let yes = examples.labels.count { $0 > 0.5 }
        let no = examples.count - yes
        guard yes >= labelsMin, no >= labelsMin else {
            throw RiskFailure(
                "labels",
                "\(yes) users are labelled 1 and \(no) are labelled 0;"
                    + " at least \(labelsMin) of each are needed")
        }
        let folds = folds(of: examples.labels, seed: seed)
        let line = outOfFold(examples, folds) { Classifier.logistic(.train($0)) }
        let trees = outOfFold(examples, folds) { Classifier.trees(Self.trees($0)) }
        let candidates = [line, trees].map { scores in
            let calibration = Calibration.fit(scores: scores, labels: examples.labels)
            let chances = scores.map { calibration.chance($0) }
            return (calibration, chances, ClassificationMetrics.logLoss(chances, examples.labels))
        }
        let isLine = candidates[0].2 <= candidates[1].2
        let (calibration, chances, _) = candidates[isLine ? 0 : 1]
        return LabelledRisk(
            classifier: isLine ? .logistic(.train(examples)) : .trees(Self.trees(examples)),
            calibration: calibration, rows: examples.count, yes: yes,
            auc: ClassificationMetrics.auc(chances, examples.labels),
            averagePrecision: ClassificationMetrics.averagePrecision(chances, examples.labels))
    }

    /// Small trees: labels are few.
    private static func trees(_ examples: Examples) -> GradientBoostedTrees {
        var options = GradientBoostedTrees.Options()
        options.trees = 100
        options.leavesMax = 8
        options.childRowsMin = 5
        return GradientBoostedTrees.train(examples, options: options)
    }

    /// A fold for each row, both labels spread evenly over them.
    private static func folds(of labels: [Float], seed: UInt64) -> [Int] {
        var random = SeededRandom(seed: seed)
        var folds = [Int](repeating: 0, count: labels.count)
        for kind in [false, true] {
            let rows = labels.indices.filter { (labels[$0] > 0.5) == kind }
            for (place, row) in rows.shuffled(using: &random).enumerated() {
                folds[row] = place % Self.folds
            }
        }
        return folds
    }

    private static func outOfFold(
        _ examples: Examples, _ folds: [Int], _ train: (Examples) -> Classifier
    ) -> [Double] {
        var scores = [Double](repeating: 0, count: examples.count)
        for fold in 0..<Self.folds {
            let model = train(examples.selecting(folds.indices.filter { folds[$0] != fold }))
            for row in folds.indices where folds[row] == fold {
                scores[row] = model.score(examples.table.row(row))
            }
        }
        return scores
    }
}
