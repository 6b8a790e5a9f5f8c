import Learning
import Recommendation
import Runtime

extension TrainingJob {
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
        var held = HeldOut(interactions, data, pipeline)
        let baseline = held?.popularity
        return wanted.map { name in
            timed(name) { model in
                model.rows = interactions.count
                model.dataFromMs = interactions.timesMs.min() ?? 0
                model.dataToMs = data.newestMs
                train(name, interactions, &held, baseline, &model)
            }
        }
    }

    private func train(
        _ name: ModelName, _ interactions: Interactions, _ held: inout HeldOut?,
        _ baseline: RankingReport?, _ model: inout TrainedModel
    ) {
        var report = baseline
        switch name {
        case .itemToItem:
            model.file =
                pipeline.neighbours(interactions, categories: data.itemCategories).safetensors()
            report = held?.judgeNeighbours()
        case .als:
            model.file = pipeline.factors(interactions).safetensors()
            report = held?.judgeFactors()
            if let share = held?.bestShare() { model.measure(ServedModels.shareMetric, share) }
        default:
            model.file = ModelBytes.popularity(
                pipeline.popularity(interactions, categories: data.itemCategories),
                categories: data.categories.names)
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
}
