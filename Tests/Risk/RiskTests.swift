import Features
import Learning
import Messages
import Numerics
import Profiles
import RiskRules
import Testing

@testable import Risk

@Suite("Planted fraudsters are found by what they do", .timeLimit(.minutes(5)))
struct RiskTests {
    @Test(
        "rules and forest, without labels: precision and recall above 0.9",
        arguments: [World.small, World(seed: 23)])
    func planted(world: World) throws {
        let tags = try TagReader([])
        let model = try RiskModel.train(try world.table(tags), asOfMs: world.nowMs)
        let both = world.evaluation(try RiskScorer(tags: tags, model: model))
        #expect(both.fraudsters > 10)
        #expect(both.chosen.confusion.precision > 0.9, "\(both.chosen)")
        #expect(both.chosen.confusion.recall > 0.9, "\(both.chosen)")
        #expect(both.precision(top: both.fraudsters) > 0.9)
        // The forest alone, which knows no rule, already ranks them high.
        let alone = world.evaluation(try RiskScorer(rules: [], tags: tags, model: model))
        #expect(alone.auc > 0.95, "\(alone.auc)")
        // And alone it accuses nobody: rare is not yet bad.
        #expect(alone.rows[4].confusion.trueYes + alone.rows[4].confusion.falseYes == 0)
        // Rules alone need no model.
        let rules = world.evaluation(try RiskScorer(tags: tags))
        #expect(rules.chosen.confusion.f1 > 0.9, "\(rules.chosen)")
    }

    @Test("labels of half of the users find the fraudsters of the other half")
    func labels() throws {
        let world = World(seed: 22, fraudsters: 0.06)
        let tags = try TagReader([])
        let table = try world.table(tags)
        let half = world.labels.enumerated().map { $0 % 2 == 0 ? $1 : .nan }
        let model = try RiskModel.train(table, labels: half, asOfMs: world.nowMs)
        let labelled = try #require(model.labelled)
        #expect(labelled.rows == (world.labels.count + 1) / 2)
        #expect(labelled.auc > 0.95)
        let scorer = try RiskScorer(rules: [], tags: tags, model: model)
        let unseen = world.assess(scorer).enumerated().filter { $0.offset % 2 == 1 }
        let truth = unseen.map { world.labels[$0.offset] }
        let evaluation = RiskEvaluation(
            scores: unseen.map { $0.element.labelled ?? 0 }, labels: truth, threshold: 0.5)
        #expect(evaluation.chosen.confusion.precision > 0.9, "\(evaluation.chosen)")
        #expect(evaluation.chosen.confusion.recall > 0.9, "\(evaluation.chosen)")
        let reasons = unseen.first { world.labels[$0.offset] == 1 }?.element.reasons ?? []
        #expect(reasons.contains { $0.source == .labels })
    }

    @Test("too few labels of a kind are refused")
    func fewLabels() throws {
        let table = Matrix(rows: 30, columns: RiskInputs.all.count)
        let labels = (0..<30).map { Float($0 < 9 ? 1 : 0) }
        do throws(RiskFailure) {
            _ = try RiskModel.train(table, labels: labels, asOfMs: 0)
            Issue.record("trained")
        } catch {
            #expect(
                error.description
                    == "labels: 9 users are labelled 1 and 21 are labelled 0;"
                    + " at least 10 of each are needed")
        }
    }

    @Test("reasons say values, and how rare they are")
    func reasons() throws {
        let world = World.small
        let tags = try TagReader([])
        let model = try RiskModel.train(try world.table(tags), asOfMs: world.nowMs)
        let scorer = try RiskScorer(tags: tags, model: model)
        let worst = try #require(world.assess(scorer).max { $0.score < $1.score })
        #expect(worst.level == .high && worst.action == .block)
        #expect(worst.model == "risk/1" && worst.asOfMs == world.nowMs)
        let devices = try #require(worst.reasons.first { $0.name == "many_devices" })
        #expect(devices.text.hasPrefix("4 kinds of device; "))
        #expect(devices.text.hasSuffix(" of users have less"))
        // What a rule has said, the forest does not say again.
        #expect(!worst.reasons.contains { $0.source == .anomaly && $0.name == "devices" })
        #expect(worst.reasons.map(\.weight).allSatisfy { $0 > 0 })
    }

    @Test("equal users give equal files; a file comes back whole and scores the same")
    func files() throws {
        let world = World(seed: 22, users: 300, events: 9_000, fraudsters: 0.1)
        let tags = try TagReader([])
        let table = try world.table(tags)
        for labels in [[], world.labels] {
            var model = try RiskModel.train(table, labels: labels, asOfMs: world.nowMs)
            model.version = 7
            let again = try RiskModel.train(table, labels: labels, asOfMs: world.nowMs)
            #expect(again.forest == model.forest && again.labelled == model.labelled)
            let read = try RiskModel(safetensors: model.safetensors())
            #expect(read == model)
            #expect(read.label == "risk/7")
        }
        let bytes = try RiskModel.train(table, asOfMs: 5).safetensors()
        #expect(throws: SafetensorsError.self) {
            _ = try RiskModel(safetensors: Array(bytes.dropLast()))
        }
        #expect(throws: SafetensorsError.self) {
            _ = try IsolationForest(safetensors: bytes)
        }
    }
}
