package import Learning

/// The chance that a user buys within a horizon, from the feature vector.
package struct Propensity: Sendable, Equatable {
    package enum Classifier: Sendable, Equatable {
        case logistic(LogisticRegression)
        case trees(GradientBoostedTrees)

        package var featureNames: [String] {
            switch self {
            case .logistic(let model): model.featureNames
            case .trees(let model): model.featureNames
            }
        }

        /// Log odds.
        package func score(_ row: [Float]) -> Double {
            switch self {
            case .logistic(let model): model.score(row)
            case .trees(let model): model.score(row)
            }
        }
    }

    package let classifier: Classifier
    package let calibration: Calibration
    /// For each feature `levels` values spread evenly over its distribution in training.
    package let typical: [Float]
    package let horizonHours: UInt32

    /// The figure in a manifest that says which of several models is served, the lower the better:
    /// log loss on examples that it was neither fitted nor calibrated nor tested on.
    package static let choiceMetric = "validation_log_loss"
    /// Values kept of each feature's distribution.
    package static let levels = 8
    /// Features of most gain that reasons are looked for among; the others move little.
    private static let reasonFeaturesMax = 24

    package init(
        classifier: Classifier, calibration: Calibration, typical: [Float], horizonHours: UInt32
    ) {
        precondition(typical.count == classifier.featureNames.count * Self.levels)
        self.classifier = classifier
        self.calibration = calibration
        self.typical = typical
        self.horizonHours = horizonHours
    }

    /// The row as this model orders it; features it knows and the catalogue no longer has are NaN.
    package func row(names: [String], values: [Float]) -> [Float] {
        if names == classifier.featureNames { return values }
        var places: [String: Int] = [:]
        for (place, name) in names.enumerated() { places[name] = place }
        return classifier.featureNames.map { name in places[name].map { values[$0] } ?? .nan }
    }

    /// The calibrated chance, 0 to 1.
    package func chance(_ row: [Float]) -> Double { calibration.chance(classifier.score(row)) }

    /// The features that moved the log odds most against a typical user, signed, greatest first.
    package func reasons(_ row: [Float], count: Int) -> [(feature: String, change: Double)] {
        let names = classifier.featureNames
        let changes: [Double]
        switch classifier {
        case .logistic(let model): changes = model.contributions(row)
        case .trees(let model): changes = occlusion(row, model)
        }
        let order = changes.indices.filter { changes[$0] != 0 }.sorted {
            (abs(changes[$1]), $0) < (abs(changes[$0]), $1)
        }
        return order.prefix(count).map { (names[$0], changes[$0]) }
    }

    /// What the score loses, on average, when one feature at a time is that of other users.
    private func occlusion(_ row: [Float], _ model: GradientBoostedTrees) -> [Double] {
        let whole = model.score(row)
        var changed = row
        var changes = [Double](repeating: 0, count: row.count)
        let strong = model.gains.indices.filter { model.gains[$0] > 0 }
            .sorted { (model.gains[$1], $0) < (model.gains[$0], $1) }
        for place in strong.prefix(Self.reasonFeaturesMax) {
            for level in typical[place * Self.levels..<(place + 1) * Self.levels] {
                changed[place] = level
                changes[place] += (whole - model.score(changed)) / Double(Self.levels)
            }
            changed[place] = row[place]
        }
        return changes
    }
}
