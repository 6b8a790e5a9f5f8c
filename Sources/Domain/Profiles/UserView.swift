package import Features
import Messages

/// What expressions see of a user's risk.
package struct RiskView: Sendable, Equatable {
    package var score: Double
    package var action: String

    package init(score: Double, action: String) {
        self.score = score
        self.action = action
    }
}

/// What expressions see of where a user stands among the others.
package struct SegmentView: Sendable, Equatable {
    /// Of the life cycle.
    package var stage: String?
    /// Of recency, frequency and money.
    package var tier: String?
    /// Scores of 1 to 5, NaN where they are unknown.
    package var recency = Double.nan
    package var frequency = Double.nan
    package var monetary = Double.nan
    /// Names of clusters.
    package var behaviour: String?
    package var taste: String?
    /// 0 to 1, of the clusters.
    package var behaviourCertainty = 1.0
    package var tasteCertainty = 1.0

    package init() {}
}

/// One user at one moment, as expressions see it.
package struct UserView {
    package let state: UserState
    package let nowMs: Int64
    let context: FeatureContext
    /// By the kinds' raw values.
    let shares: [[(name: String, share: Double)]]

    /// Asked only when an expression asks. Rules of risk see a view without it, so that none goes
    /// round in a circle.
    private var risk: ((UserView) -> RiskView)?
    /// Asked as risk is; segments are made of statistics and affinities alone.
    private var segments: ((UserView) -> SegmentView)?

    package init(
        _ state: UserState, nowMs: Int64, risk: ((UserView) -> RiskView)? = nil,
        segments: ((UserView) -> SegmentView)? = nil
    ) {
        self.state = state
        self.nowMs = nowMs
        self.risk = risk
        self.segments = segments
        context = FeatureContext(state, asOfMs: nowMs)
        shares = AffinityKind.allCases.map { state.affinities.shares($0) }
    }

    /// The same user, whose risk is unknown.
    package var withoutRisk: UserView {
        var view = self
        view.risk = nil
        return view
    }

    /// The same user, whose risk is known.
    package func knowing(_ risk: RiskView) -> UserView {
        var view = self
        view.risk = { _ in risk }
        return view
    }

    /// The same user, whose segments are known.
    package func knowing(_ segments: SegmentView) -> UserView {
        var view = self
        view.segments = { _ in segments }
        return view
    }

    private var riskView: RiskView? { risk.map { $0(withoutRisk) } }
    private var segmentView: SegmentView? { segments.map { $0(self) } }

    /// How far the score of risk is from even: 0.5 says nothing, 1 is sure.
    var riskCertainty: Double { riskView.map { max($0.score, 1 - $0.score) } ?? 1 }

    func certainty(_ path: KeyPath<SegmentView, Double>) -> Double {
        segmentView?[keyPath: path] ?? 1
    }

    /// Shares of the user's interest in the names of a kind, the heaviest first.
    package func shares(of kind: AffinityKind) -> [(name: String, share: Double)] {
        shares[Int(kind.rawValue)]
    }

    func number(_ source: NumberSource) -> Double {
        switch source {
        case .unknown, .tag, .tags: .nan
        case .now: Double(nowMs)
        case .firstSeen: state.firstSeenMs == 0 ? .nan : Double(state.firstSeenMs)
        case .lastSeen: state.lastSeenMs == 0 ? .nan : Double(state.lastSeenMs)
        case .risk: riskView?.score ?? .nan
        case .recency: segmentView?.recency ?? .nan
        case .frequency: segmentView?.frequency ?? .nan
        case .monetary: segmentView?.monetary ?? .nan
        case .age: state.attributes.map { $0.age == 0 ? .nan : Double($0.age) } ?? .nan
        case .feature(let value): value(context)
        case .share(let kind, let name):
            shares[Int(kind.rawValue)].first { $0.name == name }?.share ?? .nan
        case .shares(let kind): Double(shares[Int(kind.rawValue)].count)
        case .word(let set, let word): words(set).contains(word) ? 1 : 0
        case .words(let set): Double(words(set).count)
        case .properties: Double(state.attributes?.properties.count ?? 0)
        }
    }

    private func words(_ set: NumberSource.Words) -> [String] {
        switch set {
        case .interests: state.attributes?.interests ?? []
        case .bought: state.purchased
        case .cart: state.cart
        case .hidden: state.hidden
        }
    }

    /// Nil is unknown, as what nobody has told is.
    func text(_ source: TextSource) -> String? {
        let text: String? =
            switch source {
            case .id: state.userID
            case .gender: state.attributes?.gender
            case .occupation: state.attributes?.occupation
            case .education: state.attributes?.education
            case .income: state.attributes?.income
            case .region: state.attributes?.region
            case .riskAction: riskView?.action
            case .stage: segmentView?.stage
            case .tier: segmentView?.tier
            case .behaviour: segmentView?.behaviour
            case .taste: segmentView?.taste
            case .property(let key): state.attributes?.properties.last { $0.key == key }?.value
            case .unknown: nil
            }
        return text?.isEmpty == false ? text : nil
    }
}
