import Events
import Features
import Learning
import Messages
import Numerics
import Randomness
import Runtime
import System
import Testing

@testable import ModelTraining

/// What a shop of 150 users told: a queue of entries for each partition, in the order of its log.
private struct Told {
    private var queues = [[OutboxEntry]](repeating: [], count: Partitions.users)
    static let names = ["a", "b"]

    init() {
        var random = SeededRandom(seed: 4)
        for step in 0..<4000 {
            let user = "u\(random.index(below: 150))"
            let item = random.index(below: 40)
            let time = Int64(step / 7) * 600_000
            var interaction = Interaction()
            interaction.userID = user
            interaction.itemID = "i\(item)"
            interaction.type =
                (random.index(below: 4) == 0 ? EventType.purchase : .view).rawValue
            interaction.timeMs = time
            // Some items change their category, and some are told two at the same moment.
            interaction.category = "c\(item % 5)\(random.index(below: 2))"
            var entry = OutboxEntry()
            entry.content = .interaction(interaction)
            let place = Partitions.partition(ofUser: user)
            queues[place].append(entry)
            guard step % 2 == 0 else { continue }
            let features = [Float(random.index(below: 9)), Float(item)]
            entry.content = .example(Example(userID: user, timeMs: time, features: features))
            queues[place].append(entry)
        }
    }

    /// All of them, taken from the partitions in an order of chance.
    func arriving(seed: UInt64, interactionsMax: Int) -> TrainingIntake {
        var random = SeededRandom(seed: seed)
        var intake = TrainingIntake(
            interactionsMax: interactionsMax, examplesMax: 1600, featureCount: 2)
        var next = [Int](repeating: 0, count: queues.count)
        var open = queues.indices.filter { !queues[$0].isEmpty }
        while !open.isEmpty {
            let chosen = random.index(below: open.count)
            let place = open[chosen]
            for _ in 0...random.index(below: 5) where next[place] < queues[place].count {
                intake.add(queues[place][next[place]])
                next[place] += 1
            }
            if next[place] == queues[place].count { open.remove(at: chosen) }
        }
        return intake
    }
}

@Suite("Training: what arrives in another order gives the same models", .timeLimit(.minutes(5)))
struct TrainingOrderTests {
    @Test("Byte for byte, whichever partition is read first, also where old rows were dropped")
    func interleavings() {
        let told = Told()
        for interactionsMax in [1_000_000, 64 * 40] {
            let rounds = (1...3 as ClosedRange<UInt64>).map { seed in
                let intake = told.arriving(seed: seed, interactionsMax: interactionsMax)
                var settings = Configuration()
                settings.trainer.propensityHorizonHours = 6
                settings.trainer.als.factors = 4
                settings.trainer.trees.rounds = 10
                return TrainingJob(
                    data: TrainingData(intake.rows), pipeline: ServedPipeline(settings),
                    names: Set(ModelName.allCases), featureNames: Told.names
                ).run()
            }
            #expect(rounds[0].allSatisfy { $0.isTrained }, "\(rounds[0].map(\.note))")
            for round in rounds.dropFirst() {
                for (one, other) in zip(rounds[0], round) {
                    let sums = [one, other].map { Digest.sha256Hex($0.file) }
                    #expect(sums[0] == sums[1], "\(one.name), \(interactionsMax) held")
                    #expect(one.metrics == other.metrics, "\(one.name)")
                }
            }
        }
    }

    @Test("What comes in while a round trains copies the last chunk of a list and no other")
    func snapshot() {
        var list = Segments<Int>(chunkSize: 100)
        for number in 0..<1050 { list.append(number) }
        let snapshot = list
        for number in 1050..<2000 { list.append(number) }
        list.removeFirstChunk()
        list[300] = -1
        #expect(Array(snapshot.elements) == Array(0..<1050))
        #expect(list.count == 1900 && list[0] == 100 && list[300] == -1 && list[1899] == 1999)
        let places = Set(snapshot.chunks.map(Self.place))
        // One dropped, one written to, one that was the last: eight of eleven are shared.
        #expect(list.chunks.filter { places.contains(Self.place($0)) }.count == 8)
    }

    @Test("The trainer's rows, names and categories are all kept so")
    func shared() {
        let told = Told()
        var intake = told.arriving(seed: 1, interactionsMax: 64 * 40)
        let rows = intake.rows
        var entry = OutboxEntry()
        for number in 0..<5 {
            var interaction = Interaction()
            interaction.userID = "new\(number)"
            interaction.itemID = "new\(number)"
            interaction.category = "new\(number)"
            interaction.type = EventType.view.rawValue
            interaction.timeMs = 9_000_000_000
            entry.content = .interaction(interaction)
            intake.add(entry)
        }
        func moved<Element>(_ list: (TrainingRows) -> Segments<Element>) -> Int {
            let before = Set(list(rows).chunks.map(Self.place))
            return list(intake.rows).chunks.count { !before.contains(Self.place($0)) }
        }
        let partitions = rows.partitions.indices
        #expect(partitions.reduce(0) { sum, at in sum + moved { $0.partitions[at].examples } } == 0)
        let changed = partitions.map { at in moved { $0.partitions[at].interactions } }
        #expect(changed.reduce(0, +) <= 5, "one chunk for each new row at most")
        #expect(moved(\.users) == 1 && moved(\.items) == 1 && moved(\.categories) == 1)
        #expect(TrainingData(rows).users.number(of: "new1") == nil)
        #expect(TrainingData(intake.rows).users.number(of: "new1") != nil)
    }

    /// Where a chunk lies in memory.
    private static func place<Element>(_ chunk: [Element]) -> Int {
        unsafe chunk.withUnsafeBufferPointer { Int(bitPattern: $0.baseAddress) }
    }
}
