package import Learning

/// What was learnt of all users: who is alone, how each input is spread, and, where labels were
/// given, what those have in common.
package struct RiskModel: Sendable, Equatable {
    /// Counts fits in one data folder.
    package var version: UInt64 = 1
    /// The expressions of the inputs, named in the forest. They are kept here, so that a model is
    /// asked as it was fitted whatever the program's list is by then.
    package let expressions: [String]
    package let forest: IsolationForest
    /// Scores of the forest over the users at fitting.
    package let scores: Distribution
    /// Each input over the users at fitting.
    package let inputs: [Distribution]
    package let labelled: LabelledRisk?
    package let users: Int
    /// Where windows ended at fitting.
    package let asOfMs: Int64

    init(
        expressions: [String], forest: IsolationForest, scores: Distribution,
        inputs: [Distribution], labelled: LabelledRisk?, users: Int, asOfMs: Int64
    ) {
        precondition(expressions.count == forest.featureNames.count)
        precondition(inputs.count == forest.featureNames.count)
        self.expressions = expressions
        self.forest = forest
        self.scores = scores
        self.inputs = inputs
        self.labelled = labelled
        self.users = users
        self.asOfMs = asOfMs
    }

    package var names: [String] { forest.featureNames }
    package var label: String { "risk/\(version)" }

    /// The share of the users at fitting who were less alone than this row.
    package func percentile(_ row: [Float]) -> Double {
        scores.shareBelow(Float(forest.score(row))) ?? 0
    }
}
