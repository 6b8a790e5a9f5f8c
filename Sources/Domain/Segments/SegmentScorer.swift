import Features
import Messages
package import Profiles

/// Where one user stands.
package struct UserSegmentation: Sendable, Equatable {
    package var standing: LifeCycle.Standing?
    /// Nil for who never bought, and before anything was fitted.
    package var rfm: RFM.Scores?
    package var behaviour: Membership?
    package var taste: Membership?

    package func membership(_ kind: ClusterKind) -> Membership? {
        switch kind {
        case .behaviour: behaviour
        case .taste: taste
        }
    }
}

/// Life cycle and, where one was fitted, a model, ready to be asked of users.
package struct SegmentScorer: Sendable {
    package let model: SegmentModel?
    private let readers: [ClusterKind: ClusterInputs]

    /// - Throws: when the model asks for what is no more.
    package init(model: SegmentModel? = nil) throws(SegmentFailure) {
        self.model = model
        var readers: [ClusterKind: ClusterInputs] = [:]
        for kind in ClusterKind.allCases {
            if let clusters = model?.clusters(kind) { readers[kind] = try clusters.reader() }
        }
        self.readers = readers
    }

    package func segments(of view: UserView) -> UserSegmentation {
        var found = UserSegmentation()
        found.standing = LifeCycle.standing(of: view.state, nowMs: view.nowMs)
        if let rfm = model?.rfm { found.rfm = view.purchases.map(rfm.scores) }
        found.behaviour = membership(.behaviour, view)
        found.taste = membership(.taste, view)
        return found
    }

    /// The place of the cluster in its model; nil without a model, and for who cannot be placed.
    func place(_ kind: ClusterKind, _ view: UserView) -> (cluster: Int, certainty: Double)? {
        guard let clusters = model?.clusters(kind), let row = readers[kind]?.row(of: view) else {
            return nil
        }
        return clusters.place(of: row)
    }

    private func membership(_ kind: ClusterKind, _ view: UserView) -> Membership? {
        guard let (place, certainty) = place(kind, view),
            let cluster = model?.clusters(kind)?.clusters[place]
        else { return nil }
        return Membership(
            kind: kind, id: cluster.id, name: cluster.name, certainty: certainty)
    }

    /// As expressions see it.
    package func brief(_ view: UserView) -> SegmentView { SegmentView(segments(of: view)) }
}

extension SegmentView {
    package init(_ found: UserSegmentation) {
        self.init()
        stage = found.standing?.stage.rawValue
        if let rfm = found.rfm {
            tier = rfm.tier.rawValue
            recency = Double(rfm.recency)
            frequency = Double(rfm.frequency)
            if rfm.monetary > 0 { monetary = Double(rfm.monetary) }
        }
        behaviour = found.behaviour?.name
        taste = found.taste?.name
        behaviourCertainty = found.behaviour?.certainty ?? 1
        tasteCertainty = found.taste?.certainty ?? 1
    }
}

extension UserView {
    /// Days since the last purchase, orders and money spent; nil for who never bought. Shops that
    /// send the pieces bought without orders have visits with a purchase in their place.
    var purchases: (days: Double, orders: Double, spend: Double)? {
        guard state.purchases.lastMs != 0 else { return nil }
        let days = max(0, Double(nowMs - state.purchases.lastMs) / Double(LifeCycle.dayMs))
        return (days, max(state.life(.order), Double(state.session.buying)), state.spend)
    }
}
