package import Learning

/// The model files that hold more than one of Learning's models; still plain safetensors.
package enum ModelBytes {
    /// Popularity with the names of its category numbers.
    package static func popularity(_ model: PopularityModel, categories: [String]) -> [UInt8] {
        var file = model.tensors()
        // No category name holds a line break: ingest refuses control characters in paths.
        file.set("category_names", Array(categories.joined(separator: "\n").utf8))
        return seal(file, kind: PopularityModel.kind)
    }

    package static func popularity(
        _ bytes: [UInt8]
    ) throws(SafetensorsError) -> (model: PopularityModel, categories: [String]) {
        let file = try open(bytes, kind: PopularityModel.kind)
        let model = try PopularityModel(tensors: file)
        let text = String(decoding: try file.uint8s("category_names"), as: UTF8.self)
        let names = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        return (model, names)
    }

    /// A chance of purchase: a classifier, how its scores become chances, and of what.
    package static func propensity(_ model: Propensity) -> [UInt8] {
        var file: Safetensors
        let kind: String
        switch model.classifier {
        case .logistic(let logistic):
            file = logistic.tensors()
            kind = LogisticRegression.kind
        case .trees(let trees):
            file = trees.tensors()
            kind = GradientBoostedTrees.kind
        }
        file.set("calibration", [model.calibration.slope, model.calibration.shift])
        file.set("typical", model.typical)
        file.metadata["horizon_hours"] = "\(model.horizonHours)"
        return seal(file, kind: kind)
    }

    package static func propensity(_ bytes: [UInt8]) throws(SafetensorsError) -> Propensity {
        let file = try Safetensors(bytes)
        guard try file.text("format") == "limn-1" else { throw .inconsistent("format") }
        let classifier: Propensity.Classifier
        switch try file.text("kind") {
        case LogisticRegression.kind: classifier = .logistic(try LogisticRegression(tensors: file))
        case GradientBoostedTrees.kind: classifier = .trees(try GradientBoostedTrees(tensors: file))
        default: throw .inconsistent("kind")
        }
        let calibration = try file.doubles("calibration")
        guard calibration.count == 2, calibration.allSatisfy(\.isFinite) else {
            throw .inconsistent("calibration")
        }
        let hours = try file.number("horizon_hours")
        guard hours >= 0, hours <= 100_000 else { throw .inconsistent("horizon_hours") }
        let typical = try file.floats("typical")
        guard typical.count == classifier.featureNames.count * Propensity.levels else {
            throw .inconsistent("typical")
        }
        return Propensity(
            classifier: classifier,
            calibration: Calibration(slope: calibration[0], shift: calibration[1]),
            typical: typical, horizonHours: UInt32(hours))
    }

    private static func seal(_ file: Safetensors, kind: String) -> [UInt8] {
        var file = file
        file.metadata["kind"] = kind
        file.metadata["format"] = "limn-1"
        return file.bytes()
    }

    private static func open(
        _ bytes: [UInt8], kind: String
    ) throws(SafetensorsError) -> Safetensors {
        let file = try Safetensors(bytes)
        guard try file.text("format") == "limn-1" else { throw .inconsistent("format") }
        guard try file.text("kind") == kind else { throw .inconsistent("kind") }
        return file
    }
}
