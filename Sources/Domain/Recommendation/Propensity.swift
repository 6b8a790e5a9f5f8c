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
    /// The mean of each feature in training: what an ordinary user looks like.
    package let typical: [Float]
    package let horizonHours: UInt32

    package init(
        classifier: Classifier, calibration: Calibration, typical: [Float], horizonHours: UInt32
    ) {
        precondition(typical.count == classifier.featureNames.count)
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

    /// What the score loses when one feature at a time is made ordinary.
    private func occlusion(_ row: [Float], _ model: GradientBoostedTrees) -> [Double] {
        let whole = model.score(row)
        var changed = row
        return row.indices.map { place in
            guard model.gains[place] > 0, row[place] != typical[place] else { return 0 }
            changed[place] = typical[place]
            defer { changed[place] = row[place] }
            return whole - model.score(changed)
        }
    }
}
