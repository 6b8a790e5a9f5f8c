package import Learning

/// A clustering of users with its inputs and names.
package struct ClusterModel: Sendable, Equatable {
    package let kind: ClusterKind
    /// Names of the inputs: of statistics, or categories.
    package let inputs: [String]
    /// Of behaviour, as they were asked at fitting; empty for taste.
    package let expressions: [String]
    /// Of behaviour; a taste is a share already.
    package let normaliser: Normaliser?
    package let clustering: Clustering
    package let clusters: [NamedCluster]
    /// The next cluster that is none of these gets this number.
    package let nextID: UInt32
    /// Users fitted on.
    package let users: Int

    package init(
        kind: ClusterKind, inputs: [String], expressions: [String], normaliser: Normaliser?,
        clustering: Clustering, clusters: [NamedCluster], nextID: UInt32, users: Int
    ) {
        self.kind = kind
        self.inputs = inputs
        self.expressions = expressions
        self.normaliser = normaliser
        self.clustering = clustering
        self.clusters = clusters
        self.nextID = nextID
        self.users = users
    }
}

/// To which cluster a user belongs.
package struct Membership: Sendable, Equatable {
    package var kind: ClusterKind
    package var id: UInt32
    package var name: String
    /// 0 to 1, see ``Clustering/cluster(of:)``.
    package var certainty: Double
}
