/// What users are put together by.
package enum ClusterKind: String, CaseIterable, Sendable {
    /// How they shop: statistics, each normalised.
    case behaviour
    /// What they like: shares of their interest by category.
    case taste

    /// Numbers of clusters that are tried where nobody says one: two groups of shoppers say too
    /// little, more than ten nobody keeps apart; tastes may be more.
    package var tried: ClosedRange<Int> {
        switch self {
        case .behaviour: 3...10
        case .taste: 2...16
        }
    }
}
