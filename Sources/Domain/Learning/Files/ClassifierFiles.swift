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
        return file
    }

    package init(tensors file: Safetensors) throws(SafetensorsError) {
        let names = try file.strings("features")
        let deviations = try file.finiteDoubles("deviations", count: names.count)
        guard deviations.allSatisfy({ $0 > 0 }) else { throw .inconsistent("deviations") }
        self.init(
            featureNames: names, means: try file.finiteDoubles("means", count: names.count),
            deviations: deviations,
            coefficients: try file.finiteDoubles("coefficients", count: names.count),
            constant: try file.finiteDoubles("constant", count: 1)[0])
    }
}

extension GradientBoostedTrees: ModelFile {
    package static var kind: String { "gradient_boosted_trees" }

    package func tensors() -> Safetensors {
        var file = Safetensors()
        file.set("features", strings: featureNames)
        file.set("base", [base])
        file.set("gains", gains)
        file.set("roots", forest.roots)
        file.set("node.column", forest.nodes.map(\.column))
        file.set("node.bound", forest.nodes.map(\.bound))
        file.set("node.left", forest.nodes.map(\.left))
        file.set("node.missing", forest.nodes.map(\.missing))
        return file
    }

    package init(tensors file: Safetensors) throws(SafetensorsError) {
        let names = try file.strings("features")
        let columns = try file.int32s("node.column")
        let bounds = try file.floats("node.bound")
        let lefts = try file.int32s("node.left")
        let missing = try file.int32s("node.missing")
        guard bounds.count == columns.count, lefts.count == columns.count,
            missing.count == columns.count
        else { throw .inconsistent("node") }
        let nodes = columns.indices.map {
            TreeNode(
                column: columns[$0], bound: bounds[$0], left: lefts[$0], missing: missing[$0])
        }
        let forest = Forest(columns: names.count, nodes: nodes, roots: try file.int32s("roots"))
        guard let forest else { throw .inconsistent("node") }
        self.init(
            featureNames: names, base: try file.finiteDoubles("base", count: 1)[0],
            forest: forest, gains: try file.finiteDoubles("gains", count: names.count))
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
