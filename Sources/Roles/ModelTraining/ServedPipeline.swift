package import Learning
import Messages
package import Recommendation
package import Runtime

/// How a configuration trains recommenders and makes lists with them: the one place that knows, for
/// the trainer, for scoring and for whoever evaluates without a cluster.
package struct ServedPipeline: Sendable {
    package var settings: Configuration.Trainer
    /// The mix of the sources, unless training has chosen another.
    package let weights: BlendWeights
    package let leftOut: LeftOut

    package init(_ configuration: Configuration) {
        settings = configuration.trainer
        var weights = BlendWeights()
        var signals: [Int32: Float] = [:]
        for (type, _) in EventType.named {
            signals[type.rawValue] = Float(configuration.trainer.weights[type])
        }
        weights.signals = SignalWeights(signals)
        weights.candidatesMax = configuration.scoring.candidatesMax
        self.weights = weights
        let policy = configuration.scoring.leaveOut
        var leftOut = LeftOut()
        leftOut.purchased = policy.purchased
        leftOut.inCart = policy.inCart
        leftOut.hidden = policy.hidden
        leftOut.rated = policy.rated
        leftOut.viewed = policy.viewed
        self.leftOut = leftOut
    }

    package func popularity(
        _ data: Interactions, categories: [Int32]
    ) -> PopularityModel {
        let (seconds, attoseconds) = settings.popularityHalfLife.components
        let halfLifeMs = Double(seconds) * 1000 + Double(attoseconds) / 1e15
        return .train(
            data, halfLifeMs: halfLifeMs > 0 ? halfLifeMs : .infinity, categories: categories)
    }

    package func neighbours(_ data: Interactions, categories: [Int32]) -> ItemToItemModel {
        var options = ItemToItemModel.Options()
        options.neighbours = settings.itemNeighbours
        return .train(data, categories: categories, options: options)
    }

    package func factors(_ data: Interactions) -> ALSModel {
        var options = ALSModel.Options()
        options.factors = settings.als.factors
        options.iterations = settings.als.iterations
        options.alpha = Float(settings.als.alpha)
        options.regularisation = Float(settings.als.regularisation)
        return .train(data, options: options)
    }

    /// The weights with another share of the factors; item-to-item has the rest.
    package func weights(factorShare: Float?) -> BlendWeights {
        guard let factorShare, factorShare >= 0, factorShare <= 1 else { return weights }
        var weights = weights
        weights.factors = factorShare
        weights.neighbours = 1 - factorShare
        return weights
    }
}
