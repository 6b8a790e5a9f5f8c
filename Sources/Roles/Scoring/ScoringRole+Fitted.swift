import ConfiguredRules
import Learning
import Portrait
import Risk
import RiskRules
import Runtime
import Segments

/// Models that somebody fits by hand.
extension ScoringRole {
    /// Takes models of `limn risk fit` and `limn segments fit` into use when their files are new.
    /// They have some hundred kilobytes and are read in a few milliseconds, so on the loop.
    func lookForFittedModels() {
        if riskFile.hasChanged() { takeRiskModel() }
        if segmentFile.hasChanged() { takeSegmentModel() }
    }

    private func takeRiskModel() {
        let settings = environment.configuration.risk
        do {
            let model = try riskFile.bytes().map { try RiskModel(safetensors: $0) }
            portrait.risk = try RiskScorer(
                rules: settings.allRules, thresholds: settings.thresholds,
                tags: portrait.tags, model: model)
            note("risk", model?.version)
        } catch {
            refuse(riskFile, error)
        }
    }

    private func takeSegmentModel() {
        do {
            let model = try segmentFile.bytes().map { try SegmentModel(safetensors: $0) }
            portrait.segments = try SegmentScorer(model: model)
            note("segments", model?.version)
        } catch {
            refuse(segmentFile, error)
        }
    }

    private func note(_ name: String, _ version: UInt64?) {
        environment.log.info("model in use", ["name": name, "version": "\(version ?? 0)"])
    }

    private func refuse(_ file: FittedFile, _ error: any Error) {
        counts.modelsRefused += 1
        environment.log.error(
            "model refused; the last good one stays", ["why": "\(file.path): \(error)"])
    }
}
