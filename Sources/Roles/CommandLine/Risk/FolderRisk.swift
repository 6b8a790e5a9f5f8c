import ConfiguredRules
import Expressions
import Features
import Learning
import Profiles
import Risk
import RiskRules
import Runtime
import System

/// The rules and tags of a data folder, and the model where one was fitted.
struct FolderRisk {
    let tags: TagReader
    let modelFile: String
    private let settings: Configuration.Risk

    /// A folder without a configuration has the default one.
    init(_ folder: DataFolder, modelFile: String? = nil) throws {
        let configuration =
            Files.exists(folder.configurationFile)
            ? try Configuration.load(folder.configurationFile) : Configuration()
        settings = configuration.risk
        do throws(TagFailure) {
            tags = try configuration.tagReader()
        } catch {
            throw CommandFailure(.configuration, "\(folder.configurationFile): \(error)")
        }
        self.modelFile = modelFile ?? folder.riskModelFile
    }

    /// The model that was fitted last; nil where none was.
    func model() throws -> RiskModel? {
        guard Files.exists(modelFile) else { return nil }
        do {
            return try RiskModel(safetensors: Files.read(modelFile))
        } catch let error as SafetensorsError {
            throw CommandFailure(
                .data, "\(modelFile) is no model of risk: \(error)", hint: "limn risk fit")
        }
    }

    func scorer() throws -> RiskScorer {
        let model = try model()
        do throws(RiskFailure) {
            return try RiskScorer(
                rules: settings.allRules, thresholds: settings.thresholds, tags: tags,
                model: model)
        } catch {
            throw CommandFailure(
                .configuration, error.description,
                hint: "limn eval lists what a condition can ask for, and tries one")
        }
    }
}
