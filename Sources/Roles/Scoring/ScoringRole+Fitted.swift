import FittedPortrait
import Runtime

/// Models that somebody fits by hand.
extension ScoringRole {
    func lookForFittedModels() {
        for change in fitted.refresh() {
            switch change {
            case .inUse(let name, let version):
                environment.log.info(
                    "model in use", ["name": name, "version": "\(version)"])
            case .refused(let path, let why):
                counts.modelsRefused += 1
                environment.log.error(
                    "model refused; the last good one stays", ["why": "\(path): \(why)"])
            }
        }
    }
}
