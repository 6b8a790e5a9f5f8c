/// One number that Limn knows of every user.
package struct Feature: Sendable {
    /// A name never changes its meaning.
    package var name: String
    package var unit: Unit
    package var meaning: String
    package var group: Group
    package var window: Window
    /// The value; NaN where it is unknown, as a rate without anything to divide by.
    package var value: @Sendable (FeatureContext) -> Double

    package enum Unit: String, Sendable, CaseIterable {
        case events, money, share, days, hours, minutes, seconds, count, stars, ratio
    }

    /// What a feature is made from.
    package enum Group: String, Sendable, CaseIterable {
        case windows, life, decayed, rates, rhythm, habits, tastes
    }

    /// The span of time that a feature is about.
    package enum Window: String, Sendable, CaseIterable {
        case hour = "1h"
        case day = "1d"
        case week = "7d"
        case month = "30d"
        case quarter = "90d"
        case life, decayed, session, now

        /// "7d": the last 7 days.
        var words: String {
            switch self {
            case .hour: "this hour and the one before"
            case .day: "the last 24 hours"
            case .week: "the last 7 days"
            case .month: "the last 30 days"
            case .quarter: "the last 90 days"
            case .life: "the whole life"
            case .decayed: "the whole life, halved every 7 days"
            case .session: "the last session"
            case .now: "the moment"
            }
        }

        static let sliding: [Window] = [.hour, .day, .week, .month, .quarter]
    }
}

/// All features in the order in which vectors hold them. A model stores the names it was trained
/// on, so the order may grow but a name never changes its meaning.
package enum FeatureCatalogue {
    package static let features: [Feature] =
        windows + life + decayed + rates + rhythm + habits + tastes

    package static let names: [String] = features.map(\.name)
    package static let count: Int = features.count
    /// The values alone: a whole `Feature` costs five reference counts to look at.
    fileprivate static let values: [@Sendable (FeatureContext) -> Double] =
        features.map(\.value)
}

extension UserState {
    /// The feature vector at `asOfMs`, in the order of the catalogue; unknown values are NaN.
    package func features(asOfMs: Int64) -> [Float] {
        let context = FeatureContext(self, asOfMs: asOfMs)
        var vector: [Float] = []
        vector.reserveCapacity(FeatureCatalogue.count)
        for value in FeatureCatalogue.values { vector.append(Float(value(context))) }
        return vector
    }
}
