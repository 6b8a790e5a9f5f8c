package import Learning
package import Numerics
package import RiskRules

extension RiskModel {
    /// Learns from one row of inputs per user; `labels` are 0 or 1, NaN where nothing is known of
    /// a user, and empty without any.
    /// - Throws: when there are labels, but too few of one kind.
    package static func train(
        _ table: Matrix, labels: [Float] = [], asOfMs: Int64,
        options: IsolationForest.Options = .init()
    ) throws(RiskFailure) -> RiskModel {
        precondition(table.columns == RiskInputs.all.count)
        precondition(labels.isEmpty || labels.count == table.rows)
        let names = RiskInputs.all.map(\.name)
        let forest = IsolationForest.train(table, featureNames: names, options: options)
        var labelled: LabelledRisk?
        let known = labels.indices.filter { !labels[$0].isNaN }
        if !labels.isEmpty {
            labelled = try LabelledRisk.train(
                Examples(
                    featureNames: names, table: table.selecting(rows: known),
                    labels: known.map { labels[$0] }), seed: options.seed)
        }
        return RiskModel(
            expressions: RiskInputs.all.map(\.expression), forest: forest,
            scores: Distribution(of: forest.scores(table).map { Float($0) }),
            inputs: (0..<table.columns).map { Distribution(of: table.column($0)) },
            labelled: labelled, users: table.rows, asOfMs: asOfMs)
    }
}
