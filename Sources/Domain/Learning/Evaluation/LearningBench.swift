import Numerics

/// Trains and judges in one call: what a command line or a trainer needs to print a table.
package enum LearningBench {
    package struct RecommenderOptions: Sendable {
        package var itemToItem = ItemToItemModel.Options()
        package var als = ALSModel.Options()
        package var popularityHalfLifeMs = Double.infinity
        /// Shares of item-to-item and ALS in the blend.
        package var blend = BlendModel.shares
        package var filtersSeen = true
        /// A category number per item for item-to-item and popularity; empty to do without.
        package var categories: [Int32] = []

        package init() {}
    }

    /// The models trained on the training part of a split.
    package struct Recommenders: Sendable {
        package let popularity: PopularityModel
        package let itemToItem: ItemToItemModel
        package let als: ALSModel
        package let blend: BlendModel
    }

    package static func train(
        _ data: Interactions, options: RecommenderOptions = RecommenderOptions()
    ) -> Recommenders {
        let itemToItem = ItemToItemModel.train(
            data, categories: options.categories, options: options.itemToItem)
        let als = ALSModel.train(data, options: options.als)
        return Recommenders(
            popularity: .train(
                data, halfLifeMs: options.popularityHalfLifeMs,
                categories: options.categories),
            itemToItem: itemToItem, als: als,
            blend: BlendModel([
                (itemToItem, options.blend.itemToItem), (als, options.blend.als),
            ]))
    }

    /// A report each for popularity, item-to-item, ALS and their blend; users are ranked in
    /// parallel over all items.
    package static func recommenders(
        _ split: Split, options: RecommenderOptions = RecommenderOptions()
    ) -> [RankingReport] {
        let models = train(split.train, options: options)
        var evaluation = RankingEvaluation(split)
        evaluation.filtersSeen = options.filtersSeen
        return [
            evaluation.report(models.popularity, name: "popularity"),
            evaluation.report(models.itemToItem, name: "item_to_item"),
            evaluation.report(models.als, name: "als"),
            evaluation.report(models.blend, name: "blend"),
        ]
    }

    /// A report each for logistic regression and boosted trees on `test`; the trees stop by the
    /// last `validationShare` of the training rows, so rows should stand in order of time.
    package static func classifiers(
        train: Examples, test: Examples, validationShare: Double = 0.1,
        logistic: LogisticRegression.Options = .init(),
        trees: GradientBoostedTrees.Options = .init()
    ) -> [ClassificationReport] {
        let cut = Int(Double(train.count) * (1 - validationShare))
        let validation = cut < train.count ? train.selecting(Array(cut..<train.count)) : nil
        let linear = LogisticRegression.train(train, options: logistic)
        let boosted = GradientBoostedTrees.train(
            train.selecting(Array(0..<cut)), validation: validation, options: trees)
        return [
            ClassificationReport(
                name: "logistic_regression", chances: linear.predict(test.table),
                labels: test.labels),
            ClassificationReport(
                name: "gradient_boosted_trees", chances: boosted.predict(test.table),
                labels: test.labels),
        ]
    }
}
