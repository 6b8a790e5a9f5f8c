import ConfiguredRules
import Learning
package import Portrait
import Risk
import RiskRules
package import Runtime
import Segments

/// The portrait that a data folder gives: tags and rules of the configuration, and the models that
/// somebody fitted by hand, as they are now.
package struct FittedPortrait {
    /// What a look at the files brought.
    package enum Change {
        case inUse(name: String, version: UInt64)
        case refused(path: String, why: String)
    }

    package private(set) var portrait: Portrait
    private let risk: Configuration.Risk
    private var riskFile: FittedFile
    private var segmentFile: FittedFile

    /// Without any model yet; ``refresh()`` looks for them.
    package init(
        _ folder: DataFolder, configuration: Configuration
    ) throws(StartFailure) {
        risk = configuration.risk
        riskFile = FittedFile(folder.riskModelFile)
        segmentFile = FittedFile(folder.segmentModelFile)
        do {
            let tags = try configuration.tagReader()
            portrait = Portrait(
                tags: tags,
                risk: try RiskScorer(
                    rules: risk.allRules, thresholds: risk.thresholds, tags: tags),
                segments: try SegmentScorer())
        } catch {
            throw StartFailure(.configuration, "\(error)")
        }
    }

    /// Takes models whose files are new into use; one that cannot be read leaves the last good one.
    /// They have some hundred kilobytes and are read in a few milliseconds.
    package mutating func refresh() -> [Change] {
        var changes: [Change] = []
        if riskFile.hasChanged() { changes.append(takeRisk()) }
        if segmentFile.hasChanged() { changes.append(takeSegments()) }
        return changes
    }

    private mutating func takeRisk() -> Change {
        do {
            let model = try riskFile.bytes().map { try RiskModel(safetensors: $0) }
            portrait.risk = try RiskScorer(
                rules: risk.allRules, thresholds: risk.thresholds, tags: portrait.tags,
                model: model)
            return .inUse(name: "risk", version: model?.version ?? 0)
        } catch {
            return .refused(path: riskFile.path, why: "\(error)")
        }
    }

    private mutating func takeSegments() -> Change {
        do {
            let model = try segmentFile.bytes().map { try SegmentModel(safetensors: $0) }
            portrait.segments = try SegmentScorer(model: model)
            return .inUse(name: "segments", version: model?.version ?? 0)
        } catch {
            return .refused(path: segmentFile.path, why: "\(error)")
        }
    }
}
