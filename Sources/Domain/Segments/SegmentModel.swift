/// What was learnt of all users: the fifths of buyers, and the clusters.
package struct SegmentModel: Sendable, Equatable {
    /// Counts fits in one data folder.
    package var version: UInt64 = 1
    package let rfm: RFM?
    package let behaviour: ClusterModel?
    package let taste: ClusterModel?
    package let users: Int
    /// Where windows ended at fitting.
    package let asOfMs: Int64

    package init(
        rfm: RFM?, behaviour: ClusterModel?, taste: ClusterModel?, users: Int, asOfMs: Int64
    ) {
        self.rfm = rfm
        self.behaviour = behaviour
        self.taste = taste
        self.users = users
        self.asOfMs = asOfMs
    }

    package var label: String { "segments/\(version)" }

    package func clusters(_ kind: ClusterKind) -> ClusterModel? {
        switch kind {
        case .behaviour: behaviour
        case .taste: taste
        }
    }
}

/// Why there are no segments.
package struct SegmentFailure: Error, Equatable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
