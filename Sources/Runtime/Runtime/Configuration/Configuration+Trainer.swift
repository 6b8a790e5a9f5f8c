package import Messages

extension Configuration {
    /// Training models.
    package struct Trainer: Sendable, Equatable {
        /// Zero means only on demand.
        package var every: Duration = .seconds(3600)
        package var onStart = true
        package var minInteractions = 500
        package var interactionsMax = 5_000_000
        package var keepVersions = 3
        package var itemNeighbours = 100
        /// After which what was chosen counts half in popularity; zero: it counts for ever.
        package var popularityHalfLife: Duration = .seconds(14 * 86_400)
        package var propensityHorizonHours = 168
        package var weights = Weights()
        package var als = ALS()
        package var trees = Trees()

        package init() {}
    }

    /// How much one event of a type says about liking its item.
    package struct Weights: Sendable, Equatable {
        package var view = 1.0
        package var click = 1.0
        package var favourite = 3.0
        package var cartAdd = 4.0
        package var order = 5.0
        package var purchase = 5.0
        package var review = 2.0
        package var rating = 1.0
        package var share = 3.0

        package init() {}

        /// The weight of a type; types that say nothing about liking weigh 0.
        package subscript(_ type: EventType) -> Double {
            switch type {
            case .view: view
            case .click: click
            case .favourite: favourite
            case .cartAdd: cartAdd
            case .order: order
            case .purchase: purchase
            case .review: review
            case .rating: rating
            case .share: share
            default: 0
            }
        }
    }

    /// Implicit alternating least squares.
    package struct ALS: Sendable, Equatable {
        package var factors = 32
        package var iterations = 10
        package var regularisation = 1.0
        package var alpha = 0.5

        package init() {}
    }

    /// Gradient-boosted trees.
    package struct Trees: Sendable, Equatable {
        package var rounds = 100
        package var depth = 4
        package var learningRate = 0.1

        package init() {}
    }
}
