import Events
import Features
import Messages
import Testing

@Suite("Numbers that no fold makes are refused, not computed with")
struct StateDamageTests {
    private func state() throws -> [UInt8] {
        var log = Log()
        log.append(Event("u", .view, "item", 1_700_000_000_000))
        var fold = Log.newFold()
        try log.fold(into: &fold, blocksOf: 10)
        return fold.table.states[0].encoded()
    }

    /// A number of 64 bits in the place of a number, which makes what follows lie elsewhere.
    private static func varint(_ value: UInt64) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendVarint(value)
        return bytes
    }

    @Test(
        "any number at any place of a state: read within limits, or refused",
        arguments: [1 << 63, .max, 1 << 62, 1 << 32, 0xFFFF_FFFF, 506_804_601_600_000, 1 << 31]
            as [UInt64])
    func everywhere(_ number: UInt64) throws {
        let good = try state()
        var refused = 0
        for at in 1..<good.count {
            for width in 1...2 {
                var bytes = good
                bytes.replaceSubrange(at..<min(at + width, bytes.count), with: Self.varint(number))
                do {
                    let state = try UserState(decoding: bytes.span)
                    _ = state.features(asOfMs: 1_700_000_000_000)
                    _ = try UserState(decoding: state.encoded().span)
                } catch is FoldError {
                    refused += 1
                    continue
                }
                #expect(throws: Never.self, "\(number) at \(at), \(width) replaced") {
                    try goOn(from: bytes)
                }
            }
        }
        #expect(refused > good.count)
    }

    /// What is made of a state that is believed is believed again.
    private func goOn(from bytes: [UInt8]) throws {
        var log = Log()
        log.append(Event("u", .view, "item", 1_600_000_000_000))
        log.append(Event("u", .purchase, "item", 1_700_000_900_000))
        let block = log.records.flatMap { $0 }
        var fold = PartitionFold(
            partition: 0, appliedOffset: 0, storeIsEmpty: false, parameters: FoldParameters(),
            keys: .open)
        var changed: [UInt64] = []
        try fold.fold(block.span, firstOffset: 0, changed: &changed) { _ in bytes }
        for (_, state) in fold.takeChanges().users.states {
            _ = try UserState(decoding: state.span)
        }
    }

    @Test(
        "a record of a time that cannot be is counted and left out",
        arguments: [
            Int64.min, -1, StateLimits.timesMs.upperBound + 1, .max,
        ])
    func times(_ timeMs: Int64) throws {
        var log = Log()
        log.append(Event("u", .purchase, "item", 1_700_000_000_000))
        log.append(Event("u", .purchase, "item", timeMs))
        log.append(Event("u", .purchase, "item", 1_700_000_900_000))
        var fold = Log.newFold()
        try log.fold(into: &fold, blocksOf: 10)
        #expect(fold.counts.unreadable == 1)
        let state = fold.table.states[0]
        #expect(state.life(.purchase) == 2)
        #expect(try UserState(decoding: state.encoded().span) == state)
    }

    @Test("the ends of what is believed fold, encode and come back")
    func ends() throws {
        var log = Log()
        for timeMs in [0, StateLimits.timesMs.upperBound, 1_700_000_000_000, 1] {
            log.append(Event("u", .view, "item", timeMs))
            log.append(Event("u", .purchase, "item", timeMs))
        }
        var fold = Log.newFold()
        try log.fold(into: &fold, blocksOf: 3)
        #expect(fold.counts.unreadable == 0)
        let state = fold.table.states[0]
        #expect(try UserState(decoding: state.encoded().span) == state)
        _ = state.features(asOfMs: .max)
        _ = state.features(asOfMs: .min)
    }
}
