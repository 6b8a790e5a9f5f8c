import Learning
import Messages
import Numerics
import Randomness
import Recommendation
import Runtime
import Scoring
import System
import Testing
import Training

@testable import ModelTraining

@Suite("What is evaluated without a cluster is what a cluster serves", .timeLimit(.minutes(3)))
struct ServedListsTests {
    private static let nowMs: Int64 = 1_700_000_000_000

    /// Two hundred users of a shop of two categories, with every kind of event that a list heeds.
    private static func records() -> [Record] {
        var random = SeededRandom(seed: 11)
        var records = ScoringWorld.shop(nowMs: nowMs - 40 * 86_400_000)
        let kinds: [EventType] = [
            .view, .view, .view, .click, .cartAdd, .cartRemove, .purchase, .rating, .review,
            .favourite, .hide, .impression, .order,
        ]
        for step in 0..<3000 {
            let user = random.index(below: 200)
            let number = 2 * random.index(below: 1 + random.index(below: 20)) + user % 2
            records.append(
                Record(
                    "v\(user)", kinds[random.index(below: kinds.count)], "i\(number)",
                    nowMs - Int64(3000 - step) * 900_000))
        }
        return records
    }

    @Test("The same events, the same lists, item by item")
    func lists() async throws {
        let world = try await ScoringWorld()
        let records = Self.records()
        try await world.send(records, producer: "shop")
        let trained = try await world.ask(
            world.endpoints.trainer, TrainRequest(), as: Models.self)
        let als = try #require(trained.models.first { $0.name == "als" })
        #expect(als.version == 1, "\(als.note)")

        var offline = OfflineRecords()
        for record in records { offline.add(record) }
        let pipeline = ServedPipeline(world.configuration)
        let evaluation = try OfflineEvaluation(
            offline, OfflineSplit(train: Array(offline.rows.indices), held: []),
            pipeline: pipeline)
        for model in evaluation.trained {
            let served = trained.models.first { $0.name == model.name.rawValue }
            #expect(served?.sha256 == Digest.sha256Hex(model.file), "\(model.name)")
        }
        #expect(
            als.metrics.contains { $0.name == ServedModels.shareMetric },
            "the mix is chosen on what was held out")
        for user in 0..<offline.users.count where user % 5 == 0 {
            let expected = evaluation.list(user: user, count: 10)
            let answer = try await world.until({ $0.items.map(\.itemID) == expected }) {
                try await world.recommend(offline.users[Int32(user)])
            }
            #expect(answer.items.map(\.itemID) == expected, "\(offline.users[Int32(user)])")
            // Every other one would be waited for as long.
            if answer.items.map(\.itemID) != expected { break }
            #expect(answer.models.count == 3)
        }
        await world.stop()
    }
}
