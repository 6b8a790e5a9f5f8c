import ConfiguredRules
import Features
import Learning
import Messages
import Profiles
import Risk
import RiskRules
import Runtime
import System

/// How risky users are.
extension ScoringRole {
    /// Takes the model of `limn risk fit` into use when its file is new. It has some hundred
    /// kilobytes and is read in a few milliseconds, so on the loop.
    func lookForRiskModel() {
        let file = environment.folder.riskModelFile
        let changedNs = try? Files.changedNs(file)
        guard changedNs != riskChangedNs else { return }
        riskChangedNs = changedNs
        let settings = environment.configuration.risk
        do {
            let model = try changedNs.map { _ in try RiskModel(safetensors: Files.read(file)) }
            risk = try RiskScorer(
                rules: settings.allRules, thresholds: settings.thresholds, tags: tags,
                model: model)
            environment.log.info(
                "model in use", ["name": "risk", "version": "\(model?.version ?? 0)"])
        } catch {
            counts.modelsRefused += 1
            environment.log.error(
                "model refused; the last good one stays", ["why": "\(file): \(error)"])
        }
    }
}
