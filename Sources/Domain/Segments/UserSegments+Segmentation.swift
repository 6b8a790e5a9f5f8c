package import Messages

extension UserSegments {
    /// As profiles show it; `model` is nil where the life cycle is all that is known.
    package init(_ found: UserSegmentation, model: SegmentModel?, asOfMs: Int64) {
        self.init()
        if let standing = found.standing {
            stage = standing.stage.rawValue
            stageSinceMs = standing.sinceMs
        }
        if let scores = found.rfm {
            rfm = scores.tier.rawValue
            recency = UInt32(scores.recency)
            frequency = UInt32(scores.frequency)
            monetary = UInt32(scores.monetary)
        }
        for kind in ClusterKind.allCases {
            guard let membership = found.membership(kind) else { continue }
            var cluster = UserCluster()
            cluster.kind = kind.rawValue
            cluster.id = membership.id
            cluster.name = membership.name
            cluster.certainty = membership.certainty
            clusters.append(cluster)
        }
        self.model = model?.label ?? ""
        self.asOfMs = asOfMs
    }
}
