import Events
import Features
import Messages
import Randomness
import Testing

@Suite("The outbox: what the trainer is told")
struct OutboxTests {
    /// One of `count` events about items, with categories that change and times that go back.
    private func events(
        _ count: Int, items: Int, using random: inout SplitMix64
    ) -> [(event: Event, stamp: Stamp)] {
        let types: [EventType] = [.view, .cartAdd, .purchase, .refund, .rating, .login, .search]
        let start: Int64 = 1_700_000_000_000
        return (0..<count).map { at in
            let jump = Int64.random(in: -400_000...400_000, using: &random)
            var event = Event(
                "user-\(Int.random(in: 0..<30, using: &random))",
                types.randomElement(using: &random) ?? .view,
                Int.random(in: 0..<8, using: &random) == 0
                    ? "" : "item-\(Int.random(in: 0..<items, using: &random))",
                [start + Int64(at) * 50, start + jump, start].randomElement(using: &random)
                    ?? start)
            event.category = ["a/b", "a/c", ""].randomElement(using: &random) ?? ""
            event.price = Double(Int.random(in: 0..<3, using: &random)) * 1.5
            event.quantity = UInt32.random(in: 0..<3, using: &random)
            event.value = Double(Int.random(in: 0..<3, using: &random))
            var stamp = Stamp()
            stamp.category = ["s", ""].randomElement(using: &random) ?? ""
            stamp.price = Double(Int.random(in: 0..<2, using: &random)) * 9
            return (event, stamp)
        }
    }

    /// What the event tells, said the slow way.
    private func told(_ event: Event, _ stamp: Stamp) -> Interaction? {
        guard !event.itemID.isEmpty, event.type != .login, event.type != .search else {
            return nil
        }
        var interaction = Interaction()
        interaction.userID = event.userID
        interaction.itemID = event.itemID
        interaction.type = event.type.rawValue
        interaction.timeMs = event.timeMs
        interaction.category = event.category.isEmpty ? stamp.category : event.category
        interaction.value = event.value
        if event.type == .purchase || event.type == .refund {
            let price = event.price > 0 ? event.price : stamp.price
            interaction.value = price * Double(max(event.quantity, 1))
        }
        return interaction
    }

    /// 6,000 items push each other out of a table of 4,096.
    @Test(
        "a reader of the blocks sees every interaction as the event said it",
        arguments: [(1, 5), (2, 60), (3, 6_000)] as [(UInt64, Int)])
    func readBack(seed: UInt64, items: Int) throws {
        var random = SplitMix64(seed: seed)
        var log = Log()
        let all = events(9_000, items: items, using: &random)
        for (event, stamp) in all { log.append(event, stamp: stamp) }
        var fold = Log.newFold()
        var changes = FoldChanges()
        var changed: [UInt64] = []
        var read: [Interaction] = []
        var bytes = 0
        var at = 0
        while at < all.count {
            let end = min(at + Int.random(in: 1...2_000, using: &random), all.count)
            let block = log.records[at..<end].flatMap { $0 }
            try fold.fold(
                block.span, firstOffset: UInt64(at), changed: &changed, load: { _ in nil })
            at = end
            // The room is used again, so what the last block left behind must not be seen.
            fold.takeChanges(into: &changes)
            bytes += changes.outbox.bytes.count
            var reader = OutboxReader(changes.outbox.bytes.span)
            var entries = 0
            while let entry = try reader.next() {
                entries += 1
                if case .interaction(let one)? = entry.content { read.append(one) }
            }
            #expect(entries == changes.outbox.count, "seed \(seed)")
            if Bool.random(using: &random) { fold.shrink(to: HotLimit(users: 10)) }
        }
        let expected = all.compactMap { told($0.event, $0.stamp) }
        #expect(read == expected, "seed \(seed)")
        if items == 5 { #expect(bytes < expected.count * 40, "repeated texts are numbers") }
    }

    @Test("entries with their texts in full, as older blocks have them, are read as they are")
    func full() throws {
        var block: [UInt8] = []
        var interactions: [Interaction] = []
        for at in 1...3 {
            var interaction = Interaction()
            interaction.userID = "u\(at % 2)"
            interaction.itemID = "i"
            interaction.timeMs = Int64(at) * 1_000
            interaction.category = "c\(at)"
            interactions.append(interaction)
            var entry = OutboxEntry()
            entry.content = .interaction(interaction)
            block.appendDelimited { entry.encode(into: &$0) }
        }
        var reader = OutboxReader(block.span)
        for interaction in interactions {
            #expect(try reader.next()?.content == .interaction(interaction))
        }
        #expect(try reader.next() == nil)
    }

    @Test("a number that nobody told is an error", arguments: [true, false])
    func unknownNumber(user: Bool) {
        var interaction = Interaction()
        interaction.userID = "u"
        interaction.itemID = "i"
        if user { interaction.userNumber = 1 } else { interaction.itemNumber = 1 }
        var entry = OutboxEntry()
        entry.content = .interaction(interaction)
        var block: [UInt8] = []
        block.appendDelimited { entry.encode(into: &$0) }
        #expect(throws: DecodeError.numberUnknown) {
            var reader = OutboxReader(block.span)
            _ = try reader.next()
        }
    }
}
