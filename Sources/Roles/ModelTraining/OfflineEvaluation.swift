package import Learning
import Numerics
package import Recommendation
import Runtime

/// Trains as the trainer does and makes lists as scoring does, without a cluster, and judges them
/// by what users did next.
package struct OfflineEvaluation: Sendable {
    /// Models trained with everything in the way they would be.
    package let trained: [TrainedModel]
    package let models: ServedModels
    package let served: ModelSet
    /// By the number of the user in the records.
    package let histories: [UserHistory]
    /// Counted items of the training part, for models that know of nothing else.
    private let data: TrainingData
    /// Of each user of `data`, for models alone.
    private let counted: [History]
    /// Users by number who are asked, and the items that each user had in training.
    private let asked: [Int]
    private let known: [Set<Int32>]
    private let records: OfflineRecords
    private let split: OfflineSplit

    /// One row of a comparison.
    package struct Result: Sendable {
        package var report: RankingReport
        /// Share of all that was recommended that its user had in training.
        package var knownShare: Double
        package var trainingMs: Int?
    }

    /// `pipeline` says how to train; a minimum of data is not asked for here.
    package init(
        _ records: OfflineRecords, _ split: OfflineSplit, pipeline: ServedPipeline
    ) throws {
        self.records = records
        self.split = split
        data = records.trainingData(
            split.train, interactionsMax: pipeline.settings.interactionsMax)
        counted = data.interactions { pipeline.settings.weights[$0] }.histories()
        histories = records.histories(split.train)
        asked = split.held.indices.filter { !split.held[$0].isEmpty }
        var known = [Set<Int32>](repeating: [], count: records.users.count)
        for place in split.train {
            known[Int(records.rows[place].user)].insert(records.rows[place].item)
        }
        self.known = known
        var pipeline = pipeline
        pipeline.settings.minInteractions = 1
        trained = TrainingJob(
            data: data, pipeline: pipeline, names: [.popularity, .itemToItem, .als],
            featureNames: []
        ).run()
        var models = ServedModels()
        for model in trained where model.isTrained {
            _ = try models.take(model.name.rawValue, file: model.file)
        }
        self.models = models
        served = models.lay(
            over: records.catalogue, pipeline,
            alsMetrics: trained.first { $0.name == .als }?.metrics ?? [], asOfMs: data.newestMs)
    }

    /// The list of a user by number, as items' ids.
    package func list(user: Int, count: Int) -> [String] {
        var ask = Ask(taste: served.taste(of: histories[user]))
        ask.count = count
        return served.recommend(ask).picks.map { served.catalogue.ids[Int($0.item)] }
    }

    /// How each model alone, their blend and what is served did; models alone leave out all that a
    /// user had in training unless `filtersSeen` is false, what is served what the policy says.
    package func results(filtersSeen: Bool) -> [Result] {
        var results: [Result] = []
        func add(_ name: ModelName, _ title: String, _ model: (any Recommender)?) {
            guard let model else { return }
            let time = trained.first { $0.name == name }?.trainingMs
            results.append(alone(model, title, time, filtersSeen: filtersSeen))
        }
        add(.popularity, "popularity", models.popularity?.model)
        add(.itemToItem, "item-to-item", models.neighbours)
        add(.als, "als", models.factors)
        if let neighbours = models.neighbours, let factors = models.factors {
            let blend = BlendModel([
                (neighbours, served.weights.neighbours), (factors, served.weights.factors),
            ])
            results.append(alone(blend, "blend", nil, filtersSeen: filtersSeen))
        }
        results.append(
            judge("served", itemCount: served.catalogue.count, trainingMs: nil) { user in
                list(user: user, count: Self.listLength)
            })
        return results
    }

    private static let listLength = 20

    private func alone(
        _ model: any Recommender, _ name: String, _ trainingMs: Int?, filtersSeen: Bool
    ) -> Result {
        judge(name, itemCount: model.itemCount, trainingMs: trainingMs) { user in
            let number = data.users.number(of: records.users[Int32(user)])
            let history = number.map { counted[Int($0)] } ?? History.empty
            return model.recommend(
                for: history, count: Self.listLength, keepingSeen: !filtersSeen
            ).map { data.items[Int32($0.index)] }
        }
    }

    private func judge(
        _ name: String, itemCount: Int, trainingMs: Int?,
        _ list: @Sendable (Int) -> [String]
    ) -> Result {
        let lists = Parallel.mapPieces(count: asked.count, grain: 16) { piece in
            piece.map { place in list(asked[place]).map { records.items.number(of: $0) ?? -1 } }
        }.flatMap { $0 }
        let shown = lists.reduce(0) { $0 + $1.count }
        let again = zip(asked, lists).reduce(0) { sum, pair in
            sum + pair.1.count { known[pair.0].contains($0) }
        }
        return Result(
            report: RankingReport(
                name: name, lists: lists, held: asked.map { split.held[$0] },
                itemCount: itemCount),
            knownShare: shown > 0 ? Double(again) / Double(shown) : 0, trainingMs: trainingMs)
    }
}
