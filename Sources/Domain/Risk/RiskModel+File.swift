package import Learning
import Numerics

extension RiskModel: ModelFile {
    package static var kind: String { "risk" }

    package func tensors() -> Safetensors {
        var file = Safetensors()
        file.metadata["version"] = "\(version)"
        file.set("users", [Int64(users), asOfMs])
        file.set("expressions", strings: expressions)
        file.set("forest", file: forest.tensors())
        file.set("scores", scores.levels)
        file.set("inputs", inputs.flatMap(\.levels))
        file.set("inputs.counts", inputs.map { Int64($0.levels.count) })
        if let labelled {
            file.metadata["classifier"] = labelled.classifier.name
            switch labelled.classifier {
            case .logistic(let model): file.set("labelled", file: model.tensors())
            case .trees(let model): file.set("labelled", file: model.tensors())
            }
            let calibration = labelled.calibration
            file.set("labelled.calibration", [calibration.slope, calibration.shift])
            file.set("labelled.counts", [Int64(labelled.rows), Int64(labelled.yes)])
            file.set("labelled.metrics", [labelled.auc, labelled.averagePrecision])
        }
        return file
    }

    package init(tensors file: Safetensors) throws(SafetensorsError) {
        let forest = try IsolationForest(tensors: file.file("forest"))
        let count = forest.featureNames.count
        let expressions = try file.strings("expressions")
        let counts = try file.int64s("inputs.counts")
        let levels = try file.floats("inputs")
        let users = try file.int64s("users")
        guard expressions.count == count, counts.count == count, users.count == 2,
            counts.allSatisfy({ $0 >= 0 && $0 <= Int64(Distribution.levelsMax) }),
            counts.reduce(0, +) == Int64(levels.count),
            let version = UInt64(try file.text("version"))
        else { throw .inconsistent("inputs") }
        var inputs: [Distribution] = []
        var start = 0
        for length in counts {
            inputs.append(try Self.distribution(levels[start..<start + Int(length)]))
            start += Int(length)
        }
        self.init(
            expressions: expressions, forest: forest,
            scores: try Self.distribution(try file.floats("scores")[...]), inputs: inputs,
            labelled: try LabelledRisk(tensors: file, columns: count), users: Int(users[0]),
            asOfMs: users[1])
        self.version = version
    }

    private static func distribution(
        _ levels: ArraySlice<Float>
    ) throws(SafetensorsError) -> Distribution {
        guard levels.allSatisfy({ !$0.isNaN }),
            zip(levels, levels.dropFirst()).allSatisfy({ $0 <= $1 })
        else { throw .inconsistent("distribution") }
        return Distribution(levels: Array(levels))
    }
}

extension LabelledRisk {
    /// Nil where the file has none.
    fileprivate init?(tensors file: Safetensors, columns: Int) throws(SafetensorsError) {
        guard let name = file.metadata["classifier"] else { return nil }
        let part = file.file("labelled")
        switch name {
        case "logistic_regression":
            let model = try LogisticRegression(tensors: part)
            guard model.featureNames.count == columns else { throw .inconsistent("labelled") }
            classifier = .logistic(model)
        case "gradient_boosted_trees":
            let model = try GradientBoostedTrees(tensors: part)
            guard model.featureNames.count == columns else { throw .inconsistent("labelled") }
            classifier = .trees(model)
        default: throw .inconsistent("classifier")
        }
        let parameters = try file.doubles("labelled.calibration")
        let counts = try file.int64s("labelled.counts")
        let metrics = try file.doubles("labelled.metrics")
        guard parameters.count == 2, parameters.allSatisfy(\.isFinite), counts.count == 2,
            metrics.count == 2
        else { throw .inconsistent("labelled") }
        calibration = Calibration(slope: parameters[0], shift: parameters[1])
        rows = Int(counts[0])
        yes = Int(counts[1])
        auc = metrics[0]
        averagePrecision = metrics[1]
    }
}
