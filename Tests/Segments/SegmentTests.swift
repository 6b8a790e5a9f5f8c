import Expressions
import Features
import Learning
import Numerics
import Profiles
import Randomness
import Testing

@testable import Segments

@Suite("Segments of a simulated shop")
struct SegmentTests {
    @Test("planted tastes are found, and their number", arguments: [3, 11] as [UInt64])
    func tastes(seed: UInt64) throws {
        let world = World(seed: seed, users: 500, events: 50_000)
        let outcome = try world.fit()
        let taste = try #require(outcome.model.taste)
        #expect(taste.clustering.clusters == 8, "seed=\(seed)")
        var found: [UInt32] = []
        var planted: [Int] = []
        for (state, segments) in zip(world.states, try world.segments(outcome.model)) {
            guard let id = segments.taste?.id, let truth = world.tastes[state.userID] else {
                continue
            }
            found.append(id)
            planted.append(truth)
        }
        #expect(found.count > world.states.count * 9 / 10)
        #expect(AdjustedRandIndex.between(found, planted) > 0.8, "seed=\(seed)")
        #expect(outcome.notes.isEmpty)
        let behaviour = try #require(outcome.model.behaviour)
        #expect(behaviour.clusters.map(\.users).reduce(0, +) == world.states.count)
        #expect(Set(behaviour.clusters.map(\.name)).count == behaviour.clusters.count)
    }

    @Test("the order of users changes nothing, nor does reading the file back")
    func order() throws {
        let world = World(seed: 5, users: 300, events: 15_000)
        var random = SeededRandom(seed: 5)
        let first = try world.fit().model
        let second = try world.fit(order: world.states.shuffled(using: &random)).model
        let isEqual = first == second
        #expect(isEqual)
        let isRead = try SegmentModel(safetensors: first.safetensors()) == first
        #expect(isRead)
        var options = SegmentTrainer.Options()
        options.method = .mixture
        options.clusters = 4
        let mixture = try world.fit(options).model
        let isMixtureRead = try SegmentModel(safetensors: mixture.safetensors()) == mixture
        #expect(isMixtureRead)
        #expect(mixture.behaviour?.clustering.clusters == 4)
        options.usersMax = 120
        #expect(try world.fit(options).model.behaviour?.users == 120)
    }

    @Test("a cut file is refused at every length")
    func damaged() throws {
        let bytes = try World(seed: 5, users: 100, events: 5000).fit().model.safetensors()
        for length in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 60)) {
            #expect(throws: SafetensorsError.self) {
                try SegmentModel(safetensors: Array(bytes[..<length]))
            }
        }
    }

    @Test("clusters keep number and name when the shop goes on")
    func continuity() throws {
        let early = World(seed: 7, users: 400, events: 40_000, share: 0.85)
        let late = World(seed: 7, users: 400, events: 40_000)
        let first = try early.fit()
        let second = try late.fit(previous: first.model)
        #expect(second.model.version == 2)
        let kept = try #require(second.continuity[.taste])
        #expect(kept.kept.count >= 7 && kept.kept.allSatisfy { $0.overlap > 0.5 })
        let before = try #require(first.model.taste)
        let names = Set(before.clusters.map(\.name))
        for cluster in kept.kept { #expect(names.contains(cluster.cluster.name)) }
        for cluster in kept.new {
            #expect(!names.contains(cluster.name) && cluster.id >= before.nextID)
        }
        // The same users again: everything stays.
        let again = try early.fit(previous: first.model)
        #expect(again.model.taste?.clusters.map(\.id) == first.model.taste?.clusters.map(\.id))
        #expect(again.model.taste?.clusters.map(\.name) == first.model.taste?.clusters.map(\.name))
        #expect(again.continuity[.behaviour]?.gone.isEmpty == true)
    }

    @Test("too few users, or users all alike, are said and not guessed")
    func few() throws {
        let world = World(seed: 5, users: 100, events: 5000)
        let few = Array(world.states.prefix(9))
        let outcome = try World.fit(few, nowMs: world.nowMs)
        #expect(outcome.model.behaviour == nil && outcome.model.taste == nil)
        #expect(outcome.notes.contains { $0 == "behaviour: 9 users; 20 are needed" })
        #expect(throws: SegmentFailure.self) { try World.fit([], nowMs: 0) }
        var options = SegmentTrainer.Options()
        options.clusters = 80
        let many = try world.fit(options)
        #expect(many.model.behaviour == nil)
        #expect(many.notes.contains { $0.contains("80 clusters of") })
        let one = Array(repeating: world.states[0], count: 30)
        let alike = try World.fit(one, nowMs: world.nowMs)
        #expect(alike.notes.contains("behaviour: all users are alike"))
        let useless = try #require(try world.fit().model.behaviour?.normaliser)
        #expect(useless.columns.count == BehaviourInputs.all.count)
    }

    @Test("expressions see segments, and unknown ones are unknown")
    func expressions() throws {
        let world = World(seed: 5, users: 200, events: 10_000)
        let scorer = try SegmentScorer(model: try world.fit().model)
        let tags = try TagReader([])
        let reader = try tags.reader("segment.stage == 'active' || segment.recency >= 4")
        let names = try tags.reader("segment.taste")
        var stages: Set<String> = []
        for state in world.states {
            let view = UserView(state, nowMs: world.nowMs, segments: scorer.brief)
            let found = scorer.segments(of: view)
            let stage = try #require(found.standing?.stage)
            stages.insert(stage.rawValue)
            let expected = stage == .active || found.rfm.map { $0.recency >= 4 } ?? false
            #expect(tags.value(reader, of: view).isTrue == expected)
            let plain = UserView(state, nowMs: world.nowMs)
            #expect(tags.value(names, of: plain) == .unknown)
            if let taste = found.taste { #expect(tags.value(names, of: view) == .text(taste.name)) }
        }
        #expect(stages.count > 3)
    }
}
