import Runtime
import System

/// Trains models from one snapshot of the data; runs on a thread of its own and touches nothing
/// else.
package struct TrainingJob: Sendable {
    let data: TrainingData
    let pipeline: ServedPipeline
    let names: Set<ModelName>
    let featureNames: [String]

    package init(
        data: TrainingData, pipeline: ServedPipeline, names: Set<ModelName>,
        featureNames: [String]
    ) {
        self.data = data
        self.pipeline = pipeline
        self.names = names
        self.featureNames = featureNames
    }

    var settings: Configuration.Trainer { pipeline.settings }

    /// Trains one after the other, because each uses all cores.
    package func run() -> [TrainedModel] {
        recommenders() + purchaseModels()
    }

    /// Runs `body` and notes how long it took.
    func timed(_ name: ModelName, _ body: (inout TrainedModel) -> Void) -> TrainedModel {
        var model = TrainedModel(name)
        let start = Clock.monotonicNs()
        body(&model)
        model.trainingMs = Int((Clock.monotonicNs() - start) / 1_000_000)
        return model
    }
}
