package import Events
import Features
package import Learning
import Numerics
package import Profiles

/// Learns segments of all users in two passes: the first counts, the second takes rows.
///
/// Which users a large shop is learnt from depends on their ids alone, so that the order of the
/// passes does not matter.
package struct SegmentTrainer {
    package struct Options: Sendable {
        package var method = Clustering.Method.kmeans
        /// Nil: by evidence.
        package var clusters: Int?
        package var seed: UInt64 = 1
        /// Clusters are learnt from so many; all are put into them.
        package var usersMax = 20_000
        /// Chooses those: whoever knows it can make ids that are chosen.
        package var key = HashKey.open

        package init() {}
    }

    struct Row {
        var hash: UInt64
        var userID: String
        var values: [Float]
        /// Place in the previous model.
        var previous: Int?
    }

    let options: Options
    let previous: SegmentModel?
    private let scorer: SegmentScorer
    private let statistics: ClusterInputs
    private(set) var users = 0
    private(set) var rfm: (recency: [Double], frequency: [Double], monetary: [Double]) = (
        [], [], []
    )
    private var survey = TasteSurvey()
    private var taste: (names: [String], inputs: ClusterInputs)?
    private var rows: [ClusterKind: [Row]] = [:]

    /// - Throws: when the previous model asks for what is no more; give none then.
    package init(
        options: Options = Options(), previous: SegmentModel? = nil
    ) throws(SegmentFailure) {
        self.options = options
        self.previous = previous
        scorer = try SegmentScorer(model: previous)
        statistics = try ClusterInputs.statistics(BehaviourInputs.all.map(\.expression))
    }

    var tasteNames: [String] { taste?.names ?? [] }

    /// The first pass.
    package mutating func count(_ view: UserView) {
        users += 1
        survey.add(view.shares(of: .category))
        guard let (days, orders, spend) = view.purchases else { return }
        rfm.recency.append(days)
        rfm.frequency.append(orders)
        rfm.monetary.append(spend)
    }

    /// The second pass, over the same users.
    package mutating func take(_ view: UserView) {
        let hash = options.key.hash(view.state.userID)
        guard users <= options.usersMax || hash <= hashMax else { return }
        if taste == nil {
            let names = survey.names
            taste = (names, ClusterInputs.taste(names))
        }
        for kind in ClusterKind.allCases {
            let inputs = kind == .behaviour ? statistics : taste?.inputs
            guard let values = inputs?.row(of: view) else { continue }
            rows[kind, default: []].append(
                Row(
                    hash: hash, userID: view.state.userID, values: values,
                    previous: scorer.place(kind, view)?.cluster))
        }
    }

    /// Hashes up to this one belong to a tenth more users than are wanted.
    private var hashMax: UInt64 {
        UInt64(Double(UInt64.max) * min(0.999, 1.1 * Double(options.usersMax) / Double(users)))
    }

    /// Rows in an order that the users' ids decide.
    func sample(_ kind: ClusterKind) -> [Row] {
        let sorted = (rows[kind] ?? []).sorted { ($0.hash, $0.userID) < ($1.hash, $1.userID) }
        return Array(sorted.prefix(options.usersMax))
    }
}
