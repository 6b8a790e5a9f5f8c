import Foundation
import Learning
import Numerics
import Profiles
import Simulation
import Testing

@testable import Risk

/// Figures, printed. Run with
/// `LIMN_MEASURE=1 swift test -c release --filter RiskTests.Measurements`.
@Suite(
    "Measurements of risk",
    .enabled(if: ProcessInfo.processInfo.environment["LIMN_MEASURE"] != nil, "LIMN_MEASURE unset"))
struct Measurements {
    @Test("precision and recall on simulated shops", arguments: 1..<6 as Range<UInt64>)
    func shops(seed: UInt64) throws {
        let world = World(seed: seed, users: 4000, events: 400_000, fraudsters: 0.01)
        let tags = try TagReader([])
        let table = try world.table(tags)
        let model = try RiskModel.train(table, asOfMs: world.nowMs)
        for (name, scorer) in [
            ("rules", try RiskScorer(tags: tags)),
            ("forest", try RiskScorer(rules: [], tags: tags, model: model)),
            ("rules and forest", try RiskScorer(tags: tags, model: model)),
        ] {
            let found = world.evaluation(scorer)
            let chosen = found.chosen.confusion
            print(
                "seed \(seed), \(found.users) users, \(found.fraudsters) cheat, \(name): "
                    + "precision \(chosen.precision) recall \(chosen.recall) auc \(found.auc) "
                    + "ap \(found.averagePrecision)")
        }
        let clock = ContinuousClock()
        let scorer = try RiskScorer(tags: tags, model: model)
        let taken = clock.measure { _ = world.assess(scorer) }
        print("assessed in \(taken / world.states.count) per user")
        #expect(table.rows == world.labels.count)
    }
}
