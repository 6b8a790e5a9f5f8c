package import Learning

/// Scores held against what was true.
package struct RiskEvaluation: Sendable, Equatable {
    package struct Row: Sendable, Equatable {
        package let threshold: Double
        package let confusion: Confusion
    }

    package let users: Int
    package let fraudsters: Int
    package let auc: Double
    package let averagePrecision: Double
    /// At the threshold asked for.
    package let chosen: Row
    /// At rising thresholds.
    package let rows: [Row]
    private let scores: [Double]
    private let labels: [Float]

    /// `labels` are 1 for fraud, else 0.
    package init(scores: [Double], labels: [Float], threshold: Double) {
        precondition(scores.count == labels.count)
        users = scores.count
        fraudsters = labels.count { $0 > 0.5 }
        auc = ClassificationMetrics.auc(scores, labels)
        averagePrecision = ClassificationMetrics.averagePrecision(scores, labels)
        func row(_ threshold: Double) -> Row {
            Row(threshold: threshold, confusion: Confusion(scores, labels, threshold: threshold))
        }
        chosen = row(threshold)
        rows = (1...9).map { row(Double($0) / 10) } + [row(0.95), row(0.99)]
        self.scores = scores
        self.labels = labels
    }

    /// The share of fraudsters among the users of the highest scores.
    package func precision(top count: Int) -> Double {
        ClassificationMetrics.precision(scores, labels, top: count)
    }
}
