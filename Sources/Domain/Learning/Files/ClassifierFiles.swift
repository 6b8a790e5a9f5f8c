import Numerics

extension LogisticRegression: ModelFile {
    package static var kind: String { "logistic_regression" }

    package func tensors() -> Safetensors {
        var file = Safetensors()
        file.set("features", strings: featureNames)
        file.set("means", means)
        file.set("deviations", deviations)
        file.set("coefficients", coefficients)
        file.set("constant", [constant])
        if limit.isFinite { file.set("limit", [limit]) }
        return file
    }

    package init(tensors file: Safetensors) throws(SafetensorsError) {
        let names = try file.strings("features")
        let deviations = try file.finiteDoubles("deviations", count: names.count)
        guard deviations.allSatisfy({ $0 > 0 }) else { throw .inconsistent("deviations") }
        // Models of versions that cut nothing have none.
        var limit = Double.infinity
        if file.tensors["limit"] != nil { limit = try file.finiteDoubles("limit", count: 1)[0] }
        guard limit > 0 else { throw .inconsistent("limit") }
        self.init(
            featureNames: names, means: try file.finiteDoubles("means", count: names.count),
            deviations: deviations,
            coefficients: try file.finiteDoubles("coefficients", count: names.count),
            constant: try file.finiteDoubles("constant", count: 1)[0], limit: limit)
    }
}

extension GradientBoostedTrees: ModelFile {
    package static var kind: String { "gradient_boosted_trees" }

    package func tensors() -> Safetensors {
        var file = Safetensors()
        file.set("features", strings: featureNames)
        file.set("base", [base])
        file.set("gains", gains)
        file.set(nodesOf: forest)
        return file
    }

    package init(tensors file: Safetensors) throws(SafetensorsError) {
        let names = try file.strings("features")
        self.init(
            featureNames: names, base: try file.finiteDoubles("base", count: 1)[0],
            forest: try file.forest(columns: names.count),
            gains: try file.finiteDoubles("gains", count: names.count))
    }
}

extension Calibration: ModelFile {
    package static var kind: String { "calibration" }

    package func tensors() -> Safetensors {
        var file = Safetensors()
        file.set("parameters", [slope, shift])
        return file
    }

    package init(tensors file: Safetensors) throws(SafetensorsError) {
        let parameters = try file.finiteDoubles("parameters", count: 2)
        self.init(slope: parameters[0], shift: parameters[1])
    }
}
