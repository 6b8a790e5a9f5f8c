import Events
import Features
import Messages
import Numerics
import Profiles
import RiskRules
import Simulation
import Testing

@testable import Risk

/// A small simulated shop, folded as the cluster would fold it.
struct World: Sendable, CustomTestStringConvertible {
    let seed: UInt64
    let states: [UserState]
    /// 1 for the planted fraudsters; nothing of it is in the states.
    let labels: [Float]
    let nowMs: Int64

    var testDescription: String { "seed=\(seed)" }

    static let small = World(seed: 21)

    init(seed: UInt64, users: Int = 700, events: Int = 30_000, fraudsters: Double = 0.03) {
        self.seed = seed
        var parameters = ShopParameters(users: users, items: 300, events: events, days: 45)
        parameters.fraudsterShare = fraudsters
        let shop = ShopSimulation(seed: seed, parameters: parameters)
        let truth = shop.truth
        let planted = Set(truth.fraudsters.map { shop.users()[$0].userID })
        var fold = PartitionFold(
            partition: 0, appliedOffset: 0, storeIsEmpty: true, parameters: FoldParameters(),
            keys: .open)
        var records: [UInt8] = []
        for event in shop {
            let body = event.encoded()
            records.appendRecord(.event, body.span, 0..<body.count, stamp: Stamp())
        }
        var changed: [UInt64] = []
        do {
            try fold.fold(records.span, firstOffset: 0, changed: &changed, load: { _ in nil })
        } catch {
            Issue.record("the shop cannot be folded: \(error)")
        }
        states = fold.table.states.filter { $0.events > 0 }
        labels = states.map { planted.contains($0.userID) ? 1 : 0 }
        nowMs = fold.newestMs
    }

    func table(_ tags: TagReader) throws -> Matrix {
        let reader = try RiskInputs.reader(tags)
        return Matrix(states.map { reader.row(of: UserView($0, nowMs: nowMs)) })
    }

    func assess(_ scorer: RiskScorer) -> [RiskAssessment] {
        states.map { scorer.assess(UserView($0, nowMs: nowMs), asOfMs: nowMs) }
    }

    func evaluation(_ scorer: RiskScorer) -> RiskEvaluation {
        RiskEvaluation(
            scores: assess(scorer).map(\.score), labels: labels,
            threshold: scorer.thresholds.review)
    }
}
