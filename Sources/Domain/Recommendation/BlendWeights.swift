import Learning

/// How the sources are mixed and how history is weighed; the standard values were chosen by recall
/// on held-out events.
package struct BlendWeights: Sendable, Equatable {
    /// Share of matrix factorisation, over the span from its worst to its best item for the user.
    package var factors = BlendModel.shares.als
    /// Share of item-to-item with the categories of the history; its best item for the user counts
    /// this.
    package var neighbours = BlendModel.shares.itemToItem
    /// Share of popularity, on a scale from 0 to 1: fills up and greets strangers.
    package var popular: Float = 0.02
    /// Share of newness: 1 for an item of now, halved each half-life.
    package var new: Float = 0.01
    package var newHalfLifeMs: Int64 = 7 * 86_400_000
    package var signals = SignalWeights()
    /// Distinct items of the history that count, newest first.
    package var signalsMax = 50
    /// Items kept with a user's taste for neighbours and categories, beyond those already known to
    /// the user.
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
