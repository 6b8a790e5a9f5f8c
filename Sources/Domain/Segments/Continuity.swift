import Learning

/// What became of the clusters of the model before: those that keep most of their users keep
/// number and name.
package struct Continuity: Sendable, Equatable {
    package struct Kept: Sendable, Equatable {
        package var cluster: NamedCluster
        /// Users in both, of those in either.
        package var overlap: Double
    }

    package var kept: [Kept] = []
    package var new: [NamedCluster] = []
    package var gone: [NamedCluster] = []

    /// Below, a cluster has dissolved (Hennig 2007, Cluster-wise assessment of stability).
    package static let overlapMin = 0.5

    /// Numbers and names for the clusters just found. `before` is the place that each row has in
    /// the previous model.
    static func resolve(
        _ kind: ClusterKind, _ found: ClusterDescription, owners: [Int],
        previous: ClusterModel?, before: [Int?]
    ) -> (clusters: [NamedCluster], nextID: UInt32, Continuity) {
        let old = previous?.clusters ?? []
        let overlaps = overlaps(owners, found.counts.count, before, old.count)
        let matched = old.isEmpty ? [] : OptimalMatching.match(overlaps)
        var continuity = Continuity()
        var heirs: [Int: NamedCluster] = [:]
        for (place, match) in matched.enumerated() {
            guard let match, overlaps[place][match] > overlapMin else { continue }
            heirs[place] = old[match]
        }
        let keptIDs = Set(heirs.values.map(\.id))
        continuity.gone = old.filter { !keptIDs.contains($0.id) }
        // A name of before must not come back with another meaning at once.
        let fresh = found.counts.indices.filter { heirs[$0] == nil }
        let names = ClusterNames.propose(
            kind, fresh.map { found.marks[$0] }, taken: Set(old.map(\.name)))
        let nameOf = Dictionary(uniqueKeysWithValues: zip(fresh, names))
        var nextID = previous?.nextID ?? 1
        var clusters: [NamedCluster] = []
        for place in found.counts.indices {
            var cluster = NamedCluster(
                id: nextID, name: nameOf[place] ?? "", users: found.counts[place],
                marks: found.marks[place])
            if let heir = heirs[place], let match = matched[place] {
                cluster.id = heir.id
                cluster.name = heir.name
                continuity.kept.append(Kept(cluster: cluster, overlap: overlaps[place][match]))
            } else {
                nextID += 1
                continuity.new.append(cluster)
            }
            clusters.append(cluster)
        }
        return (clusters, nextID, continuity)
    }

    /// |A ∩ B| ÷ |A ∪ B| of each new cluster with each old one, over the rows that have both
    /// (Jaccard 1901).
    private static func overlaps(
        _ owners: [Int], _ clusters: Int, _ before: [Int?], _ old: Int
    ) -> [[Double]] {
        var both = Array(repeating: [Double](repeating: 0, count: old), count: clusters)
        var news = [Double](repeating: 0, count: clusters)
        var olds = [Double](repeating: 0, count: old)
        for (owner, place) in zip(owners, before) {
            guard let place else { continue }
            both[owner][place] += 1
            news[owner] += 1
            olds[place] += 1
        }
        return both.enumerated().map { owner, row in
            row.enumerated().map { place, shared in
                let either = news[owner] + olds[place] - shared
                return either > 0 ? shared / either : 0
            }
        }
    }
}
