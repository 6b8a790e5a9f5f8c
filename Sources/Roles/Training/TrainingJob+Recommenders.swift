import Learning
import Recommendation
import Runtime

extension TrainingJob {
    private static let heldUsersMax = 5000
    private static let heldShare = 0.8

    func recommenders() -> [TrainedModel] {
        let wanted = ModelName.allCases.filter { names.contains($0) && !$0.isPurchase }
        if wanted.isEmpty { return [] }
        let interactions = data.interactions { settings.weights[$0] }
        if interactions.count < settings.minInteractions {
            return wanted.map { name in
                var model = TrainedModel(name)
                model.rows = interactions.count
                model.note =
                    "too little data: \(interactions.count) of \(settings.minInteractions) "
                    + "interactions (trainer.minInteractions)"
                return model
            }
        }
        let evaluation = heldOut(interactions)
        let baseline = evaluation?.report(popularity(evaluation?.split.train), name: "popularity")
        return wanted.map { name in
            timed(name) { model in
                model.rows = interactions.count
                model.dataFromMs = interactions.timesMs.min() ?? 0
                model.dataToMs = data.newestMs
                train(name, interactions, evaluation, baseline, &model)
            }
        }
    }

    private func train(
        _ name: ModelName, _ interactions: Interactions, _ evaluation: RankingEvaluation?,
        _ baseline: RankingReport?, _ model: inout TrainedModel
    ) {
        var report = baseline
        switch name {
        case .itemToItem:
            model.file = neighbours(interactions).safetensors()
            report = evaluation.map { $0.report(neighbours($0.split.train), name: name.rawValue) }
        case .als:
            let options = factorOptions
            model.file = ALSModel.train(interactions, options: options).safetensors()
            report = evaluation.map {
                $0.report(ALSModel.train($0.split.train, options: options), name: name.rawValue)
            }
        default:
            model.file = ModelBytes.popularity(
                popularity(interactions), categories: data.categories.names)
        }
        guard let report, let baseline else {
            model.note = "not evaluated: the newest fifth of the data holds nothing to guess"
            return
        }
        model.measure("recall_at_20", report.recallAt20)
        model.measure("hit_rate_at_10", report.hitRateAt10)
        model.measure("ndcg_at_10", report.ndcgAt10)
        model.measure("coverage_at_20", report.coverageAt20)
        model.measure("popularity_recall_at_20", baseline.recallAt20)
        model.measure("evaluated_users", Double(report.users))
    }

    private func popularity(_ interactions: Interactions?) -> PopularityModel {
        PopularityModel.train(
            interactions ?? Interactions(), halfLifeMs: PopularityModel.servedHalfLifeMs,
            categories: data.itemCategories)
    }

    private func neighbours(_ interactions: Interactions) -> ItemToItemModel {
        var options = ItemToItemModel.Options()
        options.neighbours = settings.itemNeighbours
        return .train(interactions, categories: data.itemCategories, options: options)
    }

    private var factorOptions: ALSModel.Options {
        var options = ALSModel.Options()
        options.factors = settings.als.factors
        options.iterations = settings.als.iterations
        options.alpha = Float(settings.als.alpha)
        options.regularisation = Float(settings.als.regularisation)
        return options
    }

    /// The newest fifth held out; only so many users are asked that evaluation stays short.
    private func heldOut(_ interactions: Interactions) -> RankingEvaluation? {
        let split = interactions.split(before: interactions.time(atQuantile: Self.heldShare))
        let asked = split.held.indices.filter { !split.held[$0].isEmpty }
        guard !asked.isEmpty, split.train.count > 0 else { return nil }
        if asked.count <= Self.heldUsersMax { return RankingEvaluation(split) }
        var held = [[Int32]](repeating: [], count: split.held.count)
        let step = asked.count / Self.heldUsersMax + 1
        for place in stride(from: 0, to: asked.count, by: step) {
            held[asked[place]] = split.held[asked[place]]
        }
        return RankingEvaluation(Split(train: split.train, held: held))
    }
}
