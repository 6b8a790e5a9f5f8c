import Features
import Identity
import Learning
import Messages
import Numerics
import Recommendation
import Runtime
import System
import Testing

@testable import ModelTraining
@testable import Training

@Suite("Training: labels by horizon, schedule, versions")
struct TrainingTests {
    private static let hour: Int64 = 3_600_000

    private func interaction(_ user: String, _ type: EventType, _ timeMs: Int64) -> OutboxEntry {
        var interaction = Interaction()
        interaction.userID = user
        interaction.itemID = "i"
        interaction.type = type.rawValue
        interaction.timeMs = timeMs
        interaction.category = "c"
        var entry = OutboxEntry()
        entry.content = .interaction(interaction)
        return entry
    }

    private func example(_ user: String, _ timeMs: Int64, _ features: [Float]) -> OutboxEntry {
        var entry = OutboxEntry()
        entry.content = .example(Example(userID: user, timeMs: timeMs, features: features))
        return entry
    }

    /// 600 hours; each hour one example of a buyer (feature 1), who buys five hours later, and one
    /// of somebody else.
    private func data() -> TrainingData {
        var data = TrainingIntake(interactionsMax: 64_000, featureCount: 2)
        for hour in 0..<600 as Range<Int64> {
            let time = hour * Self.hour
            data.add(example("b\(hour)", time, [1, Float(hour % 7)]))
            data.add(example("o\(hour)", time, [0, Float(hour % 5)]))
            data.add(interaction("b\(hour)", .purchase, time + 5 * Self.hour))
        }
        return TrainingData(data.rows)
    }

    @Test("An example counts only when its horizon is over, and purchases beyond it do not")
    func labels() throws {
        let made = try PropensityData.make(data(), horizonHours: 10, featureNames: ["a", "b"]).get()
        // Newest is hour 604, so hours 0 to 594 are closed: two examples each. The newest fifth
        // begins with hour 476; nine hours before it belong to no part, and so on.
        #expect(made.test.count == 2 * 119)
        #expect(made.tune.count + made.choose.count == 2 * 94)
        #expect(made.fit.count == 2 * 364)
        for part in [made.fit, made.tune, made.choose, made.test] {
            for row in 0..<part.count { #expect(part.labels[row] == part.table[row, 0]) }
        }
        guard
            case .failure = PropensityData.make(data(), horizonHours: 4, featureNames: ["a", "b"])
        else {
            Issue.record("nobody buys within four hours")
            return
        }
    }

    @Test("Little data shortens the horizon and says so; another width is refused")
    func horizon() throws {
        let made = PropensityData.make(data(), horizonHours: 1000, featureNames: ["a", "b"])
        #expect(throws: PropensityData.TooLittle.self) {
            try PropensityData.make(data(), horizonHours: 10, featureNames: ["a"]).get()
        }
        let short = try made.get()
        #expect(short.horizonMs == 604 * Self.hour / 6)
        #expect(short.notes.count == 1)
    }

    @Test("Both models of purchases learn a plain rule, beat the base rate and survive their files")
    func purchases() throws {
        var settings = Configuration()
        settings.trainer.propensityHorizonHours = 10
        let job = TrainingJob(
            data: data(), pipeline: ServedPipeline(settings),
            names: [.purchaseLogistic, .purchaseTrees], featureNames: ["a", "b"])
        let trained = job.run()
        #expect(trained.count == 2)
        for model in trained {
            func metric(_ name: String) -> Double {
                model.metrics.first { $0.name == name }?.value ?? .nan
            }
            #expect(metric("auc") > 0.99, "\(model.name)")
            #expect(metric("log_loss") < metric("base_rate_log_loss") / 2, "\(model.name)")
            let read = try ModelBytes.propensity(model.file)
            #expect(read.horizonHours == 10)
            #expect(read.chance([1, 3]) > 0.8 && read.chance([0, 3]) < 0.2, "\(model.name)")
            #expect(read.reasons([1, 3], count: 1).first?.feature == "a", "\(model.name)")
            #expect(read.row(names: ["b", "a"], values: [3, 1]) == [1, 3])
        }
    }

    @Test("Identifiers of a person are one user: what one did counts for the other")
    func persons() throws {
        var graph = IdentityGraph()
        var data = TrainingIntake(interactionsMax: 64_000, featureCount: 2)
        for hour in 0..<600 as Range<Int64> {
            let time = hour * Self.hour
            data.add(example("phone\(hour)", time, [1, 0]))
            data.add(example("o\(hour)", time, [0, 0]))
            data.add(interaction("account\(hour)", .purchase, time + 5 * Self.hour))
            var link = Link()
            link.userID = "account\(hour)"
            link.otherID = "phone\(hour)"
            graph.apply(link)
        }
        let names = ["a", "b"]
        #expect(throws: PropensityData.TooLittle.self, "nobody who looked has bought") {
            try PropensityData.make(
                TrainingData(data.rows), horizonHours: 10, featureNames: names
            ).get()
        }
        let made = try PropensityData.make(
            TrainingData(data.rows, joining: graph), horizonHours: 10, featureNames: names
        ).get()
        for row in 0..<made.fit.count { #expect(made.fit.labels[row] == made.fit.table[row, 0]) }
        let together = TrainingData(data.rows, joining: graph).interactions { _ in 1 }
        #expect(Set(together.users.map { together.userNames[$0] }).contains("account7"))
        #expect(together.count == data.interactionCount)
        data.add(interaction("phone7", .view, 9))
        let joined = TrainingData(data.rows, joining: graph).interactions { _ in 1 }
        let account = joined.userNames.number(of: "account7")
        #expect(joined.users.filter { $0 == account }.count == 2)
    }

    @Test("Memory is bounded: of each partition the oldest go first")
    func bounded() {
        // A hundred interactions and eight examples of each partition.
        var intake = TrainingIntake(
            interactionsMax: 6400, examplesMax: 512, featureCount: 1)
        for time in 0..<1000 as Range<Int64> {
            intake.add(interaction("u", .view, time))
            intake.add(example("u", time, [Float(time)]))
            #expect(intake.interactionCount <= 100 && intake.exampleCount <= 8)
        }
        let data = TrainingData(intake.rows)
        #expect(data.interactionCount == intake.interactionCount)
        #expect(data.interactionCount > 75 && data.exampleCount > 5)
        #expect(data.interactionTimesMs.last == 999 && data.exampleTimesMs.last == 999)
        #expect(data.exampleFeatures.count == data.exampleCount)
    }

    @Test(
        "Trains at start, on schedule when something new came, and on request; never twice at once")
    func schedule() {
        var settings = Configuration().trainer
        settings.every = .seconds(100)
        settings.minInteractions = 10
        var schedule = TrainingSchedule(settings: settings, now: .zero)
        func due(_ seconds: Int, caughtUp: Bool = true, received: UInt64 = 50) -> Int {
            schedule.due(
                at: .seconds(seconds), caughtUp: caughtUp, interactions: Int(received),
                received: received)?.count ?? 0
        }
        #expect(due(0, received: 5) == 0)
        #expect(due(1, received: 5) == 0, "too little")
        #expect(due(2) == 0, "still growing")
        #expect(due(3, caughtUp: false) == 0)
        #expect(due(4) == 5)
        #expect(due(5) == 0)
        schedule.finished(at: .seconds(10))
        #expect(due(111) == 0, "nothing new")
        #expect(due(112, received: 51) == 0, "still growing")
        #expect(due(113, received: 51) == 5)
        schedule.request([.als], at: .seconds(114))
        #expect(due(115) == 0)
        schedule.finished(at: .seconds(120))
        #expect(!schedule.isIdle)
        #expect(due(121, caughtUp: false, received: 51) == 0)
        #expect(due(140, caughtUp: false, received: 51) == 1, "patience is over")
        schedule.finished(at: .seconds(141))
        schedule.request([.als, .popularity], at: .seconds(142))
        #expect(due(142, received: 60) == 0 && due(143, received: 70) == 0)
        #expect(due(144, received: 70) == 2)
        schedule.finished(at: .seconds(145))
        #expect(schedule.isIdle)
    }

    @Test("Versions go on after a restart, three are kept, and a damaged list costs none of them")
    func versions() throws {
        let folder = try Files.makeTemporaryFolder(prefix: "limn-models")
        defer { try? Files.removeTree(folder) }
        var trained = TrainedModel(.als)
        for round in 1...5 as ClosedRange<UInt64> {
            var store = try ModelStore(folder: folder, keep: 3)
            if round == 4 { try Files.writeAtomically("\(folder)/current.json", [1, 2, 3]) }
            if round == 4 { store = try ModelStore(folder: folder, keep: 3) }
            trained.file = [UInt8(round)]
            let model = try store.publish(trained, nowMs: 7)
            #expect(model.version == round)
            #expect(model.sha256 == Digest.sha256Hex([UInt8(round)]))
            #expect(try ModelStore(folder: folder, keep: 3).current == [model])
        }
        let files = try Files.list(folder)
        #expect(files.count == 2 * 3 + 1)
        #expect(files.contains("als-5.json") && !files.contains("als-2.safetensors"))
    }
}
