package import Numerics

extension Clustering {
    /// Tries every number of clusters and keeps the one with the most evidence: the highest
    /// silhouette for k-means, the lowest BIC for mixtures.
    /// Numbers above that of the rows are left out; the first `silhouetteRows` rows are the sample;
    /// `progress` is told after each how many were tried.
    package static func choose(
        _ table: Matrix, method: Method, numbers: ClosedRange<Int>, seed: UInt64,
        silhouetteRows: Int = 2000, progress: (Int) -> Void = { _ in }
    ) -> Clustering {
        precondition(table.rows > 0 && numbers.lowerBound > 0)
        let sample = table.selecting(rows: Array(0..<min(table.rows, silhouetteRows)))
        var tried: [(algorithm: Algorithm, evidence: Evidence)] = []
        for number in numbers where number <= max(table.rows, 1) {
            let algorithm = fit(table, method, number, seed)
            let owners = Clustering(algorithm: algorithm, evidence: []).clusters(of: sample)
            var evidence = Evidence(
                clusters: number, silhouette: Silhouette.mean(sample, owners: owners), bic: nil)
            if case .mixture(let model) = algorithm { evidence.bic = model.bic(rows: table.rows) }
            tried.append((algorithm, evidence))
            progress(tried.count)
        }
        guard let best = tried.min(by: { isBetter($0.evidence, $1.evidence) }) else {
            return Clustering(algorithm: fit(table, method, 1, seed), evidence: [])
        }
        return Clustering(algorithm: best.algorithm, evidence: tried.map(\.evidence))
    }

    private static func fit(
        _ table: Matrix, _ method: Method, _ number: Int, _ seed: UInt64
    ) -> Algorithm {
        switch method {
        case .kmeans:
            var options = KMeans.Options(clusters: number)
            options.seed = seed
            return .kmeans(KMeans.train(table, options: options))
        case .mixture:
            var options = GaussianMixture.Options(components: number)
            options.seed = seed
            return .mixture(GaussianMixture.train(table, options: options))
        }
    }

    private static func isBetter(_ one: Evidence, _ other: Evidence) -> Bool {
        if let own = one.bic, let others = other.bic { return own < others }
        return one.silhouette ?? -2 > other.silhouette ?? -2
    }
}
