/// One number that Limn knows of every user.
package struct Feature: Sendable, Equatable {
    package var name: String
    package var unit: String
    package var meaning: String
}

/// All features in the order in which vectors hold them. A model stores the names it was trained
/// on, so the order may grow but a name never changes its meaning.
package enum FeatureCatalogue {
    package static let features: [Feature] = {
        var collected: [Feature] = []
        UserState(userID: "").visitFeatures(asOfMs: 0) { name, unit, meaning, _ in
            collected.append(Feature(name: name, unit: unit, meaning: meaning))
        }
        return collected
    }()

    package static let names: [String] = features.map(\.name)
    package static var count: Int { features.count }
}
