import Foundation
import Numerics

/// Turns scores into chances that come true as often as they say (Platt 1999): the chance is
/// the logistic function of slope · score + shift.
package struct Calibration: Sendable, Equatable {
    package let slope: Double
    package let shift: Double

    package init(slope: Double, shift: Double) {
        self.slope = slope
        self.shift = shift
    }

    package func chance(_ score: Double) -> Double { Logistic.chance(slope * score + shift) }

    /// Fits to scores (log odds) of rows that the model was not trained on.
    package static func fit(scores: [Double], labels: [Float]) -> Calibration {
        precondition(scores.count == labels.count)
        let yes = Double(labels.count { $0 > 0.5 })
        let no = Double(labels.count) - yes
        // Platt's targets keep a separable sample from running off to infinity.
        let high = (yes + 1) / (yes + 2)
        let low = 1 / (no + 2)
        var parameters = [1.0, 0.0]
        let rows = Double(max(1, scores.count))
        _ = LBFGS.minimise(&parameters, iterationsMax: 100, tolerance: 1e-9) { point, gradient in
            var loss = 0.0
            gradient = [0, 0]
            for (score, label) in zip(scores, labels) {
                let target = label > 0.5 ? high : low
                let sum = point[0] * score + point[1]
                loss += Logistic.loss(sum, target)
                let gap = Logistic.chance(sum) - target
                gradient[0] += gap * score / rows
                gradient[1] += gap / rows
            }
            return loss / rows
        }
        return Calibration(slope: parameters[0], shift: parameters[1])
    }
}
