import Expressions
import Features
import Learning
import Messages
import Profiles
import Risk
import Runtime
import Supervision
import System

/// What a question about risk needs: the states, the rules and tags of the configuration, and the
/// model where there is one.
struct RiskSetup {
    let source: StateSource
    let tags: TagReader
    let settings: Configuration.Risk
    let modelFile: String
    let nowMs: Int64

    /// Windows end at the newest event of all users, if nothing else is said.
    init(_ invocation: Invocation, nowMs: Int64? = nil) throws {
        source = try StateSource(invocation)
        self.nowMs = try nowMs ?? source.newestMs()
        let folder = try DataFolder(invocation.folder)
        // Files can be asked about without a data folder.
        let configuration =
            Files.exists(folder.configurationFile)
            ? try Configuration.load(folder.configurationFile) : Configuration()
        settings = configuration.risk
        do throws(TagFailure) {
            tags = try TagReader(
                configuration.tags.map {
                    TagDefinition($0.name, condition: $0.when, meaning: $0.meaning)
                })
        } catch {
            throw CommandFailure(.configuration, "\(folder.configurationFile): \(error)")
        }
        modelFile = invocation.text("model") ?? folder.riskModelFile
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
            return try RiskScorer(settings, tags: tags, model: model)
        } catch {
            throw CommandFailure(
                .configuration, error.description,
                hint: "limn eval lists what a condition can ask for, and tries one")
        }
    }

    /// Lends what is thought of every user.
    func forEach(_ scorer: RiskScorer, _ body: (UserState, RiskAssessment) throws -> Void) throws {
        try source.forEach { state in
            try body(state, scorer.assess(UserView(state, nowMs: nowMs), asOfMs: nowMs))
        }
    }

    /// What is thought of one user whose state was read already.
    static func risk(
        of state: UserState, _ invocation: Invocation, asOfMs: Int64
    ) throws -> UserRisk {
        var plain = invocation
        // What stands there is the user, and no file.
        plain.operands = []
        let setup = try RiskSetup(plain, nowMs: asOfMs)
        return UserRisk(try setup.scorer().assess(UserView(state, nowMs: asOfMs), asOfMs: asOfMs))
    }

    static let nobody = "no user yet; send events with: limn import or limn simulate"
}
