/// How the sources are mixed and how history is weighed; the standard values were chosen by recall
/// on held-out events.
package struct BlendWeights: Sendable, Equatable {
    /// Share of matrix factorisation, whose best item for the user counts one.
    package var factors: Float = 0.7
    /// Share of item-to-item, whose best item for the user counts one.
    package var neighbours: Float = 1
    /// Share of popularity in the user's own categories.
    package var category: Float = 0.5
    /// Share of popularity, on a scale from 0 to 1.
    package var popular: Float = 0.05
    /// Share of newness: 1 for an item of now, halved each half-life.
    package var new: Float = 0.02
    package var newHalfLifeMs: Int64 = 7 * 86_400_000
    package var signals = SignalWeights()
    /// Distinct items of the history that count, newest first.
    package var signalsMax = 60
    package var categoriesMax = 3
    /// Neighbours kept with a user's taste.
    package var candidatesMax = 300

    package init() {}
}

/// Where a recommended item came from; the names are those of the wire.
package enum Source: Int, Sendable, CaseIterable {
    case factors, neighbours, category, popular, new, catalogue

    package var name: String {
        switch self {
        case .factors: "als"
        case .neighbours: "item_to_item"
        case .category: "category"
        case .popular: "popular"
        case .new: "new"
        case .catalogue: "catalogue"
        }
    }
}
