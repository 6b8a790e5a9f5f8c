import Learning
import Messages
import Numerics
import Randomness
import Risk
import Runtime
import Segments
import Scoring
import System
import Testing
import Training

@Suite("Scoring answers from live profiles and newest models", .timeLimit(.minutes(3)), .serialized)
struct ScoringTests {
    @Test("From events to explained recommendations, through every role")
    func wholeWay() async throws {
        let world = try await ScoringWorld()
        let nowMs: Int64 = 1_700_000_000_000
        try await world.send(ScoringWorld.shop(nowMs: nowMs), producer: "shop")

        // Before any model: an answer all the same.
        let early = try await world.until({ !$0.items.isEmpty }) {
            try await world.recommend("nobody")
        }
        #expect(early.fallback && early.items.count == 10)

        let models = try await world.ask(
            world.endpoints.trainer, TrainRequest(), as: Models.self)
        #expect(models.models.filter { $0.version == 1 }.map(\.name).contains("als"))
        #expect(
            models.models.filter { $0.version == 0 }.allSatisfy { !$0.note.isEmpty },
            "a model that was not trained says why")

        let personal = try await world.until({ $0.models.contains("als/1") && !$0.fallback }) {
            try await world.recommend("u2", explain: true)
        }
        #expect(personal.models.contains("als/1"))
        #expect(personal.items.count == 10)
        #expect(personal.items.first?.category == "home/lamp")
        for item in personal.items {
            let parts = item.reasons.reduce(0) { $0 + $1.weight }
            #expect(abs(parts - item.score) < 1e-4)
            #expect(!item.title.isEmpty)
        }
        #expect(personal.items.contains { $0.reasons.contains { !$0.becauseItem.isEmpty } })
        #expect(personal.filtered.contains { $0.name == "purchased" && $0.value > 0 })

        try await freshness(world, nowMs)
        try await risk(world)
        try await segments(world)
        try await refusals(world)
        try await others(world)
        try await withoutWorker(world)
        await world.stop()
    }

    /// Rules always; the model as soon as its file is there, and the last good one for ever.
    private func risk(_ world: ScoringWorld) async throws {
        var request = ProfileRequest()
        request.userID = "u3"
        func ask() async throws -> Profile {
            try await world.ask(world.endpoints.scoring(0), request, as: Profile.self)
        }
        let first = try #require(try await ask().risk)
        #expect(first.action == "allow" && first.level == "low" && first.model.isEmpty)
        #expect(first.asOfMs > 0)
        var random = SeededRandom(seed: 1)
        let columns = RiskInputs.all.count
        let cells = (0..<200 * columns).map { _ in Float(random.uniform()) }
        let table = Matrix(rows: 200, columns: columns, elements: cells)
        var model = try RiskModel.train(table, asOfMs: 1)
        model.version = 5
        let file = world.folder.riskModelFile
        try Files.writeAtomically(file, model.safetensors())
        let fitted = try await world.until({ $0.risk?.model == "risk/5" }) { try await ask() }
        #expect(fitted.risk?.model == "risk/5")
        try Files.writeAtomically(file, [1, 2, 3])
        model.version = 6
        try Files.writeAtomically(file, Array(model.safetensors().dropLast()))
        #expect(try await ask().risk?.model == "risk/5")
        try Files.writeAtomically(file, model.safetensors())
        let next = try await world.until({ $0.risk?.model == "risk/6" }) { try await ask() }
        #expect(next.risk?.model == "risk/6")
    }

    /// The stage always; fifths as soon as the model's file is there, and again unknown without it.
    private func segments(_ world: ScoringWorld) async throws {
        var request = ProfileRequest()
        request.userID = "u3"
        func ask() async throws -> UserSegments? {
            try await world.ask(world.endpoints.scoring(0), request, as: Profile.self).segments
        }
        let first = try #require(try await ask())
        #expect(first.stage == "new" && first.stageSinceMs > 0)
        #expect(first.rfm.isEmpty && first.model.isEmpty && first.recency == 0)
        let fifths = [0.5, 1, 2, 3]
        var model = SegmentModel(
            rfm: RFM(recency: [100, 200, 300, 400], frequency: fifths, monetary: fifths),
            behaviour: nil, taste: nil, users: 9, asOfMs: 1)
        model.version = 3
        let file = world.folder.segmentModelFile
        try Files.writeAtomically(file, model.safetensors())
        let fitted = try await world.until({ $0?.model == "segments/3" }) { try await ask() }
        #expect(fitted?.rfm.isEmpty == false && fitted?.recency == 5)
        try Files.remove(file)
        let gone = try await world.until({ $0?.model == "" }) { try await ask() }
        #expect(gone?.rfm.isEmpty == true && gone?.stage == "new")
    }

    private func freshness(_ world: ScoringWorld, _ nowMs: Int64) async throws {
        try await world.send([Record("u2", .favourite, "i39", nowMs)], producer: "fresh")
        var request = ProfileRequest()
        request.userID = "u2"
        let sent = Clock.monotonic()
        let profile = try await world.until({ $0.recent.first?.itemID == "i39" }) {
            try await world.ask(world.endpoints.scoring(0), request, as: Profile.self)
        }
        #expect(profile.recent.first?.itemID == "i39")
        #expect(profile.known && Clock.monotonic() - sent < .seconds(10))
    }

    private func refusals(_ world: ScoringWorld) async throws {
        let scoring = world.endpoints.scoring(0)
        func code(_ body: some WireMessage) async -> ErrorCode? {
            do {
                _ = try await world.ask(scoring, body, as: Profile.self)
            } catch RequestFailure.refused(let code, _, _) {
                return code
            } catch {}
            return nil
        }
        #expect(await code(ProfileRequest()) == .badRequest)
        var similar = SimilarRequest()
        similar.itemID = "nothing"
        #expect(await code(similar) == .itemUnknown)
        var many = RecommendRequest()
        many.userID = "u1"
        many.count = 501
        #expect(await code(many) == .badRequest)
        #expect(await code(ModelsRequest()) == .unknownKind)
    }

    private func others(_ world: ScoringWorld) async throws {
        let scoring = world.endpoints.scoring(0)
        var similar = SimilarRequest()
        similar.itemID = "i4"
        let alike = try await world.ask(scoring, similar, as: SimilarItems.self)
        #expect(alike.items.count == 10 && !alike.items.contains { $0.itemID == "i4" })
        var request = ScoreRequest()
        request.userID = "u2"
        request.itemIDs = ["i6", "unknown", "i7"]
        let scores = try await world.ask(scoring, request, as: Scores.self)
        #expect(scores.items.map(\.itemID) == request.itemIDs)
        #expect(scores.items[0].score > scores.items[2].score)
        #expect(scores.items[1].source == "unknown")
    }

    /// Nobody folds any more: what is held is shown with its age; of whom nothing is held nothing
    /// is made up, and a visitor gets the fallback.
    private func withoutWorker(_ world: ScoringWorld) async throws {
        await world.features.stop()
        let held = try await world.recommend("u2")
        #expect(held.items.count == 10 && !held.fallback)
        let started = Clock.monotonic()
        do {
            let answer = try await world.recommend("stranger")
            Issue.record("made up: \(answer)")
        } catch RequestFailure.refused(let code, _, let pause) {
            #expect(code == .unavailable && pause > 0)
        }
        let visitor = try await world.recommend("")
        #expect(visitor.items.count == 10 && visitor.fallback)
        #expect(Clock.monotonic() - started < .seconds(4), "before the deadlines")
        let vitals = await world.scoring.role.vitals()
        #expect(vitals.counters.contains { $0.name == "fallback_answers" && $0.value > 0 })
    }
}
