import ConfiguredRules
import Expressions
import Profiles
import Risk
import RiskRules
import Runtime

/// The rules and tags of a data folder, and the model where one was fitted.
struct FolderRisk {
    let tags: TagReader
    let modelFile: String
    private let settings: Configuration.Risk

    init(_ folder: DataFolder, modelFile: String? = nil) throws {
        let configuration = try folder.configuration()
        settings = configuration.risk
        do throws(TagFailure) {
            tags = try configuration.tagReader()
        } catch {
            throw CommandFailure(.configuration, "\(folder.configurationFile): \(error)")
        }
        self.modelFile = modelFile ?? folder.riskModelFile
    }

    /// The model that was fitted last; nil where none was.
    func model() throws -> RiskModel? { try .fitted(modelFile) }

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
