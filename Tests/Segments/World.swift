import Events
import Features
import Messages
import Numerics
import Profiles
import Simulation
import Testing

@testable import Segments

/// A simulated shop, folded as the cluster would fold it, stamps included.
struct World: Sendable, CustomTestStringConvertible {
    let seed: UInt64
    let states: [UserState]
    /// By user; nothing of it is in the states.
    let tastes: [String: Int]
    let nowMs: Int64

    var testDescription: String { "seed=\(seed)" }

    /// `share` of the events, from the first on.
    init(seed: UInt64, users: Int = 600, events: Int = 40_000, share: Double = 1) {
        self.seed = seed
        let shop = ShopSimulation(
            seed: seed,
            parameters: ShopParameters(users: users, items: 300, events: events, days: 45))
        var tastes: [String: Int] = [:]
        for (user, taste) in zip(shop.users(), shop.truth.tasteOfUser) {
            tastes[user.userID] = taste
        }
        self.tastes = tastes
        var items: [String: Stamp] = [:]
        for item in shop.items() {
            var stamp = Stamp()
            stamp.category = item.category
            stamp.brand = item.brand
            stamp.price = item.price
            items[item.itemID] = stamp
        }
        var records: [UInt8] = []
        for (number, event) in shop.enumerated() where Double(number) < share * Double(events) {
            var record = Record()
            record.content = .event(event)
            record.stamp = items[event.itemID] ?? Stamp()
            records.appendDelimited { record.encode(into: &$0) }
        }
        var fold = PartitionFold(
            partition: 0, appliedOffset: 0, storeIsEmpty: true, parameters: .standard, keys: .open)
        var changed: [UInt64] = []
        do {
            try fold.fold(records.span, firstOffset: 0, changed: &changed, load: { _ in nil })
        } catch {
            Issue.record("the shop cannot be folded: \(error)")
        }
        states = fold.table.states.filter { $0.events > 0 }
        nowMs = fold.newestMs
    }

    func fit(
        _ options: SegmentTrainer.Options = .init(), previous: SegmentModel? = nil,
        order: [UserState]? = nil
    ) throws -> SegmentTrainer.Outcome {
        try Self.fit(order ?? states, nowMs: nowMs, options, previous: previous)
    }

    static func fit(
        _ states: [UserState], nowMs: Int64, _ options: SegmentTrainer.Options = .init(),
        previous: SegmentModel? = nil
    ) throws -> SegmentTrainer.Outcome {
        var trainer = try SegmentTrainer(options: options, previous: previous)
        for state in states { trainer.count(UserView(state, nowMs: nowMs)) }
        for state in states { trainer.take(UserView(state, nowMs: nowMs)) }
        return try trainer.fit(asOfMs: nowMs)
    }

    func segments(_ model: SegmentModel) throws -> [UserSegmentation] {
        let scorer = try SegmentScorer(model: model)
        return states.map { scorer.segments(of: UserView($0, nowMs: nowMs)) }
    }
}
