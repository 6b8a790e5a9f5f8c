/// The figures of a yes-or-no model on rows it has not seen, beside the base rate's.
package struct ClassificationReport: Sendable, Equatable {
    package var name: String
    package var rows: Int
    package var baseRate: Double
    package var auc: Double
    package var averagePrecision: Double
    package var logLoss: Double
    package var baseRateLogLoss: Double
    package var brier: Double
    package var accuracy: Double
    package var precision: Double
    package var recall: Double
    package var f1: Double

    package init(name: String, chances: [Double], labels: [Float]) {
        let confusion = Confusion(chances, labels)
        self.name = name
        rows = labels.count
        baseRate = labels.isEmpty ? 0 : Double(labels.reduce(0, +)) / Double(labels.count)
        auc = ClassificationMetrics.auc(chances, labels)
        averagePrecision = ClassificationMetrics.averagePrecision(chances, labels)
        logLoss = ClassificationMetrics.logLoss(chances, labels)
        baseRateLogLoss = ClassificationMetrics.baseRateLogLoss(labels)
        brier = ClassificationMetrics.brier(chances, labels)
        accuracy = confusion.accuracy
        precision = confusion.precision
        recall = confusion.recall
        f1 = confusion.f1
    }
}
