import Learning
import Numerics
import Recommendation

/// The newest fifth of a round's data, held out: models of the rest are judged by it, and the mix
/// of what is served is chosen by it.
struct HeldOut {
    private let evaluation: RankingEvaluation
    private let data: TrainingData
    private let pipeline: ServedPipeline
    private let moment: Int64
    private let popular: PopularityModel
    private var neighbours: ItemToItemModel?
    private var factors: ALSModel?

    private static let share = 0.8
    /// Only so many users are asked that judging stays short.
    private static let usersMax = 5000
    private static let usersOfMixMax = 1000
    /// Fewer say nothing about the mix.
    private static let usersOfMixMin = 50
    /// Users times items that are scored for one mix, about.
    private static let scoresOfMixMax = 20_000_000
    /// Shares of the factors that are tried beside that of the weights.
    private static let shares: [Float] = [0, 0.15, 0.5, 0.7, 0.85, 1]

    /// Nil where the newest fifth holds nothing to guess.
    init?(_ interactions: Interactions, _ data: TrainingData, _ pipeline: ServedPipeline) {
        moment = interactions.time(atQuantile: Self.share)
        let split = interactions.split(before: moment)
        let asked = split.held.indices.filter { !split.held[$0].isEmpty }
        guard !asked.isEmpty, split.train.count > 0 else { return nil }
        var held = [[Int32]](repeating: [], count: split.held.count)
        for user in Self.some(asked, most: Self.usersMax) { held[user] = split.held[user] }
        evaluation = RankingEvaluation(Split(train: split.train, held: held))
        self.data = data
        self.pipeline = pipeline
        popular = pipeline.popularity(split.train, categories: data.itemCategories)
    }

    private static func some(_ users: [Int], most: Int) -> [Int] {
        let step = (users.count + most - 1) / most
        return stride(from: 0, to: users.count, by: max(1, step)).map { users[$0] }
    }

    private var train: Interactions { evaluation.split.train }

    var popularity: RankingReport { evaluation.report(popular, name: "popularity") }

    mutating func judgeNeighbours() -> RankingReport {
        evaluation.report(trainedNeighbours(), name: ModelName.itemToItem.rawValue)
    }

    mutating func judgeFactors() -> RankingReport {
        evaluation.report(trainedFactors(), name: ModelName.als.rawValue)
    }

    private mutating func trainedNeighbours() -> ItemToItemModel {
        let model =
            neighbours ?? pipeline.neighbours(train, categories: data.itemCategories)
        neighbours = model
        return model
    }

    private mutating func trainedFactors() -> ALSModel {
        let model = factors ?? pipeline.factors(train)
        factors = model
        return model
    }

    /// The share of the factors in the mix with which lists, made as they are served, foresee best
    /// what was held out (NDCG at 10); nil where too few users are asked. Ties leave it at that
    /// of the weights.
    mutating func bestShare() -> Double? {
        let held = evaluation.split.held
        let affordable = Self.scoresOfMixMax / max(1, data.items.count)
        let known = held.indices.filter { !held[$0].isEmpty }
        guard known.count >= Self.usersOfMixMin else { return nil }
        let asked = Self.some(
            known, most: min(Self.usersOfMixMax, max(Self.usersOfMixMin, affordable)))
        let (neighbours, factors) = (trainedNeighbours(), trainedFactors())
        let histories = data.histories(of: asked, before: moment)
        var best: (share: Float, ndcg: Double)?
        for share in [pipeline.weights.factors] + Self.shares {
            let models = ModelSet(
                popularity: popular, categories: data.categories.names, neighbours: neighbours,
                factors: factors, weights: pipeline.weights(factorShare: share),
                leftOut: pipeline.leftOut)
            // The set numbers items as its popularity does, which is as the data does.
            let lists = Parallel.map(count: histories.count) { place in
                var ask = Ask(taste: models.taste(of: histories[place]))
                ask.count = 10
                return models.recommend(ask).picks.map(\.item)
            }
            let report = RankingReport(
                name: "", lists: lists, held: asked.map { held[$0] },
                itemCount: models.catalogue.count)
            if report.ndcgAt10 > best?.ndcg ?? -1 { best = (share, report.ndcgAt10) }
        }
        return best.map { Double($0.share) }
    }
}
