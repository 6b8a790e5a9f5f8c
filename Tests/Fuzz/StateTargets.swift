import Events
import Expressions
import Features
import Messages
import ModelTraining
import Portrait
import Profiles
import Risk
import Segments

/// A stored state: read, shown, asked, joined, folded on and written again.
struct StateTarget: FuzzTarget {
    private let world: FuzzWorld
    private let portrait: Portrait
    private let block: [UInt8]

    init(world: FuzzWorld) throws {
        self.world = world
        let tags = try TagReader([
            TagDefinition("rich", condition: "stats.spend_life > 100"),
            TagDefinition("seen", condition: "now - last_seen < 7d"),
            TagDefinition("often", condition: "stats.purchases_30d >= 2 && has(user.age)"),
        ])
        portrait = Portrait(
            tags: tags, risk: try RiskScorer(tags: tags), segments: try SegmentScorer(model: nil))
        block = world.block
    }

    func run(_ random: inout FuzzRandom) throws {
        let row = world.rows[random.below(world.rows.count)]
        let others = [world.rows[random.below(world.rows.count)].state]
        let bytes = random.damage(row.state, splicing: others)
        guard let state = try? UserState(decoding: bytes.span) else { return }
        let written = state.encoded()
        let again = try UserState(decoding: written.span)
        guard again.encoded() == written else {
            throw FuzzFailure("a state changes when it is written again: \(bytes)")
        }
        let nowMs = random.below(8) == 0 ? Int64(bitPattern: random.next()) : world.newestMs
        _ = state.features(asOfMs: nowMs)
        _ = portrait.profile(of: state, asOfMs: nowMs, partition: 0).encoded()
        let first = world.rows[0].state
        let other = try UserState(decoding: first.span)
        _ = UserState.person("one", of: [state, other, state])?.encoded()
        try goOn(from: bytes, key: row.key, &random)
    }

    /// The next events of the user, beginning at what is stored.
    private func goOn(from bytes: [UInt8], key: UInt64, _ random: inout FuzzRandom) throws {
        var fold = PartitionFold(
            partition: 0, appliedOffset: 0, storeIsEmpty: false, parameters: .standard,
            keys: .open)
        var changed: [UInt64] = []
        let part = Array(block[..<Self.someBytes(of: block)])
        try fold.fold(part.span, firstOffset: 0, changed: &changed) { wanted in
            wanted == key ? bytes : nil
        }
        for (_, state) in fold.takeChanges().users.states {
            _ = try UserState(decoding: state.span)
        }
    }

    /// The first records of a block.
    private static func someBytes(of block: [UInt8]) -> Int {
        let bytes = block.span
        var reader = BlockReader(bytes)
        var end = 0
        for _ in 0..<8 { if let range = (try? reader.next()) ?? nil { end = range.upperBound } }
        return end
    }
}

/// A block of the log: folded as a worker does, and what comes of it written and read.
struct BlockTarget: FuzzTarget {
    let world: FuzzWorld

    func run(_ random: inout FuzzRandom) throws {
        let from = random.below(world.block.count / 2)
        let part = Array(world.block[from..<min(world.block.count, from + 600)])
        let bytes = random.damage(part, splicing: [world.block])
        var fold = PartitionFold(
            partition: 0, appliedOffset: 0, storeIsEmpty: true, parameters: .standard,
            keys: .open)
        var changed: [UInt64] = []
        // A block that ends within a record throws, after what came before it.
        try? fold.fold(bytes.span, firstOffset: 0, changed: &changed, load: { _ in nil })
        let changes = fold.takeChanges()
        for (_, state) in changes.users.states { _ = try UserState(decoding: state.span) }
        let entries = changes.outbox.bytes
        var reader = OutboxReader(entries.span)
        while try reader.next() != nil {}
    }
}

/// A block of an outbox, as the trainer takes it in.
struct OutboxTarget: FuzzTarget {
    let world: FuzzWorld

    func run(_ random: inout FuzzRandom) throws {
        let bytes = random.damage(
            Array(world.outbox.bytes.prefix(4000)), splicing: [world.outbox.bytes])
        var intake = TrainingIntake(
            interactionsMax: 50, examplesMax: 10, featureCount: FeatureCatalogue.names.count)
        var reader = OutboxReader(bytes.span)
        while let entry = (try? reader.next()) ?? nil { intake.add(entry) }
        let data = TrainingData(intake.rows)
        _ = data.interactions { _ in 1 }
        _ = data.newestMs - (data.interactionTimesMs.min() ?? 0)
    }
}
