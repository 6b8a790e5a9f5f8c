package import Numerics

/// Rows divided by one of the methods, with what spoke for the number of clusters.
package struct Clustering: Sendable, Equatable {
    package enum Method: String, Sendable, CaseIterable {
        case kmeans
        case mixture
    }

    package enum Algorithm: Sendable, Equatable {
        case kmeans(KMeans)
        case mixture(GaussianMixture)
    }

    /// How one number of clusters did.
    package struct Evidence: Sendable, Equatable {
        package var clusters: Int
        /// Of a sample; the higher, the better. Nil where all rows fell into one cluster.
        package var silhouette: Double?
        /// Of the mixture; the lower, the better. Nil for k-means.
        package var bic: Double?

        package init(clusters: Int, silhouette: Double?, bic: Double?) {
            self.clusters = clusters
            self.silhouette = silhouette
            self.bic = bic
        }
    }

    package let algorithm: Algorithm
    package let evidence: [Evidence]

    package init(algorithm: Algorithm, evidence: [Evidence]) {
        self.algorithm = algorithm
        self.evidence = evidence
    }

    package var method: Method {
        switch algorithm {
        case .kmeans: .kmeans
        case .mixture: .mixture
        }
    }

    package var clusters: Int {
        switch algorithm {
        case .kmeans(let model): model.centres.rows
        case .mixture(let model): model.components
        }
    }

    package var columns: Int {
        switch algorithm {
        case .kmeans(let model): model.centres.columns
        case .mixture(let model): model.columns
        }
    }

    /// The cluster of a row, and how sure that is, 0 to 1: the component's probability, or how much
    /// nearer the centre is than the next one, 1 − d ÷ d′.
    package func cluster(of row: [Float]) -> (cluster: Int, certainty: Double) {
        switch algorithm {
        case .kmeans(let model):
            let found = model.nearest(row)
            let certainty =
                found.next > 0 ? 1 - (found.distance / found.next).squareRoot() : 0
            return (found.cluster, certainty)
        case .mixture(let model):
            let shares = model.probabilities(row)
            let best = shares.indices.max { (shares[$0], $1) < (shares[$1], $0) } ?? 0
            return (best, shares[best])
        }
    }

    package func clusters(of table: Matrix) -> [Int] {
        (0..<table.rows).map { cluster(of: table.row($0)).cluster }
    }
}
