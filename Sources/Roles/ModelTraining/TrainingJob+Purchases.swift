import Learning
import Numerics
import Recommendation
import Runtime

extension TrainingJob {
    func purchaseModels() -> [TrainedModel] {
        let wanted = ModelName.allCases.filter { names.contains($0) && $0.isPurchase }
        if wanted.isEmpty { return [] }
        switch PropensityData.make(
            data, horizonHours: settings.propensityHorizonHours, featureNames: featureNames)
        {
        case .failure(let failure):
            return wanted.map { name in
                var model = TrainedModel(name)
                model.rows = data.exampleCount
                model.note = failure.reason
                return model
            }
        case .success(let examples):
            return wanted.map { name in timed(name) { train(name, examples, &$0) } }
        }
    }

    private func train(_ name: ModelName, _ data: PropensityData, _ model: inout TrainedModel) {
        let classifier: Propensity.Classifier
        if name == .purchaseLogistic {
            classifier = .logistic(LogisticRegression.train(data.fit))
        } else {
            var options = GradientBoostedTrees.Options()
            options.trees = settings.trees.rounds
            options.depthMax = settings.trees.depth
            options.learningRate = settings.trees.learningRate
            classifier = .trees(
                GradientBoostedTrees.train(data.fit, validation: data.tune, options: options))
        }
        let calibration = Calibration.fit(
            scores: scores(classifier, data.tune.table), labels: data.tune.labels)
        let hours = max(1, data.horizonMs / 3_600_000)
        let propensity = Propensity(
            classifier: classifier, calibration: calibration, typical: levels(data.fit.table),
            horizonHours: UInt32(hours))
        model.file = ModelBytes.propensity(propensity)
        model.rows = data.fit.count + data.tune.count + data.choose.count + data.test.count
        model.dataFromMs = data.fromMs
        model.dataToMs = data.toMs
        model.note = data.notes.joined(separator: "; ")
        func report(_ part: Examples) -> ClassificationReport {
            ClassificationReport(
                name: name.rawValue,
                chances: scores(classifier, part.table).map(calibration.chance),
                labels: part.labels)
        }
        model.measure(Propensity.choiceMetric, report(data.choose).logLoss)
        let report = report(data.test)
        model.measure("auc", report.auc)
        model.measure("log_loss", report.logLoss)
        model.measure("base_rate_log_loss", report.baseRateLogLoss)
        model.measure("base_rate", report.baseRate)
        model.measure("test_rows", Double(report.rows))
        model.measure("horizon_hours", Double(hours))
    }

    private func scores(_ classifier: Propensity.Classifier, _ table: Matrix) -> [Double] {
        (0..<table.rows).map { classifier.score(table.row($0)) }
    }

    /// The middles of eight equal parts of each column's sorted values; NaN counts as a value.
    private func levels(_ table: Matrix) -> [Float] {
        (0..<table.columns).flatMap { column in
            let known = table.column(column).sorted { $1.isNaN ? !$0.isNaN : $0 < $1 }
            return (0..<Propensity.levels).map { level in
                known[(2 * level + 1) * known.count / (2 * Propensity.levels)]
            }
        }
    }
}
