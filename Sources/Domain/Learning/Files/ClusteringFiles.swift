import Numerics

/// Parts of a model's file; the models of segments are made of them.
extension Safetensors {
    package mutating func set(_ name: String, _ clustering: Clustering) {
        set("\(name).method", strings: [clustering.method.rawValue])
        set("\(name).shape", [Int64(clustering.clusters), Int64(clustering.columns)])
        switch clustering.algorithm {
        case .kmeans(let model):
            set("\(name).centres", model.centres.elements)
            set("\(name).fit", [model.inertia])
        case .mixture(let model):
            set("\(name).weights", model.weights)
            set("\(name).means", model.means)
            set("\(name).variances", model.variances)
            set("\(name).fit", [model.logLikelihood])
        }
        set("\(name).tried", clustering.evidence.map { Int64($0.clusters) })
        set("\(name).silhouettes", clustering.evidence.map { $0.silhouette ?? .nan })
        set("\(name).bics", clustering.evidence.map { $0.bic ?? .nan })
    }

    package func clustering(_ name: String) throws(SafetensorsError) -> Clustering {
        let shape = try int64s("\(name).shape")
        guard shape.count == 2, shape.allSatisfy({ $0 > 0 && $0 < 1 << 20 }) else {
            throw .inconsistent("\(name).shape")
        }
        let (clusters, columns) = (Int(shape[0]), Int(shape[1]))
        let fit = try finiteDoubles("\(name).fit", count: 1)[0]
        let algorithm: Clustering.Algorithm
        switch try strings("\(name).method") {
        case [Clustering.Method.kmeans.rawValue]:
            let centres = try finite("\(name).centres", count: clusters * columns)
            algorithm = .kmeans(
                KMeans(
                    centres: Matrix(rows: clusters, columns: columns, elements: centres),
                    inertia: fit))
        case [Clustering.Method.mixture.rawValue]:
            let weights = try finiteDoubles("\(name).weights", count: clusters)
            let variances = try finiteDoubles("\(name).variances", count: clusters * columns)
            guard weights.allSatisfy({ $0 > 0 }), variances.allSatisfy({ $0 > 0 }) else {
                throw .inconsistent("\(name).weights")
            }
            algorithm = .mixture(
                GaussianMixture(
                    weights: weights,
                    means: try finiteDoubles("\(name).means", count: clusters * columns),
                    variances: variances, columns: columns, logLikelihood: fit))
        default: throw .inconsistent("\(name).method")
        }
        let tried = try int64s("\(name).tried")
        let silhouettes = try doubles("\(name).silhouettes")
        let bics = try doubles("\(name).bics")
        guard silhouettes.count == tried.count, bics.count == tried.count else {
            throw .inconsistent("\(name).tried")
        }
        return Clustering(
            algorithm: algorithm,
            evidence: tried.indices.map {
                .init(
                    clusters: Int(tried[$0]),
                    silhouette: silhouettes[$0].isNaN ? nil : silhouettes[$0],
                    bic: bics[$0].isNaN ? nil : bics[$0])
            })
    }

    package mutating func set(_ name: String, _ normaliser: Normaliser) {
        let columns = normaliser.columns
        set("\(name).names", strings: columns.map(\.name))
        set("\(name).methods", columns.map(\.method.rawValue))
        set("\(name).uses", columns.map(\.use.rawValue))
        set("\(name).numbers", columns.flatMap { [$0.shift, $0.scale, $0.middle] })
    }

    package func normaliser(_ name: String) throws(SafetensorsError) -> Normaliser {
        let names = try strings("\(name).names")
        let methods = try int32s("\(name).methods").compactMap {
            Normaliser.Method(rawValue: $0)
        }
        let uses = try int32s("\(name).uses").compactMap { ColumnUse(rawValue: $0) }
        let numbers = try finiteDoubles("\(name).numbers", count: 3 * names.count)
        guard methods.count == names.count, uses.count == names.count else {
            throw .inconsistent(name)
        }
        var columns: [Normaliser.Column] = []
        for (place, text) in names.enumerated() {
            var column = Normaliser.Column(name: text, method: methods[place], use: uses[place])
            column.shift = numbers[3 * place]
            column.scale = numbers[3 * place + 1]
            column.middle = numbers[3 * place + 2]
            guard column.scale > 0 else { throw .inconsistent(name) }
            columns.append(column)
        }
        return Normaliser(columns: columns)
    }
}
