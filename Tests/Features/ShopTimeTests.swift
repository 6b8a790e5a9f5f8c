import Events
import Features
import Messages
import Testing

@Suite("The shop's time")
struct ShopTimeTests {
    private static let nowMs: Int64 = 1_700_000_000_000
    private static let hour: Int64 = 3_600_000

    private func fold(
        _ events: [(offsetMs: Int64, receivedOffsetMs: Int64?)], stored: FoldTotals? = nil
    ) throws -> (fold: PartitionFold, told: [Int64]) {
        var log = Log()
        for (place, event) in events.enumerated() {
            var stamp = Stamp()
            stamp.receivedMs = event.receivedOffsetMs.map { Self.nowMs + $0 } ?? 0
            log.append(
                Event("u\(place)", .view, "i", Self.nowMs + event.offsetMs), stamp: stamp)
        }
        var fold = PartitionFold(
            partition: 0, appliedOffset: 0, storeIsEmpty: true, parameters: FoldParameters(),
            keys: .open,
            newestMs: stored?.newestMs ?? 0)
        try log.fold(into: &fold, blocksOf: 2)
        let outbox = fold.takeChanges().outbox
        var reader = OutboxReader(outbox.bytes.span)
        var told: [Int64] = []
        while let entry = try reader.next() {
            guard case .interaction(let interaction) = entry.content else { continue }
            told.append(interaction.timeMs)
        }
        return (fold, told.map { $0 - Self.nowMs })
    }

    @Test("is moved a little beyond the moment of receipt at most, and never back")
    func moved() throws {
        let ahead = RecordLimits.nowAheadMsMax
        #expect(try fold([(0, 0)]).fold.newestMs == Self.nowMs)
        #expect(try fold([(0, 0), (23 * Self.hour, 0)]).fold.newestMs == Self.nowMs + ahead)
        #expect(try fold([(0, 0), (ahead / 2, 0)]).fold.newestMs == Self.nowMs + ahead / 2)
        #expect(try fold([(0, 0), (-90_000 * Self.hour, 0)]).fold.newestMs == Self.nowMs)
        // Ingest thought that it was 1970, or twelve hours ago: nothing moves, nothing is lost.
        #expect(try fold([(0, 0), (1000, 1000 - Self.nowMs)]).fold.newestMs == Self.nowMs)
        #expect(try fold([(0, 0), (1000, -12 * Self.hour)]).fold.newestMs == Self.nowMs)
        // Of files nobody knows when they were received.
        #expect(try fold([(23 * Self.hour, nil)]).fold.newestMs == Self.nowMs + 23 * Self.hour)
        let stored = FoldTotals(newestMs: Self.nowMs + 7)
        #expect(try fold([(0, 0)], stored: stored).fold.newestMs == Self.nowMs + 7)
    }

    @Test("bounds what the trainer believes too; the user's own state keeps the time as told")
    func trainer() throws {
        let (fold, told) = try fold([(0, 0), (23 * Self.hour, 5), (-Self.hour, 9)])
        #expect(told == [0, 5 + RecordLimits.nowAheadMsMax, -Self.hour])
        var copy = fold
        let state = try #require(try copy.state(of: "u1", load: { _ in nil }))
        #expect(state.lastSeenMs == Self.nowMs + 23 * Self.hour)
        // Windows count it when its time has come.
        let views = FeatureCatalogue.names.firstIndex(of: "views_1d") ?? -1
        #expect(state.features(asOfMs: fold.newestMs)[views] == 0)
        #expect(state.features(asOfMs: Self.nowMs + 23 * Self.hour)[views] == 1)
        #expect(state.features(asOfMs: fold.newestMs).allSatisfy { !$0.isInfinite })
    }

    @Test("what is stored of it, and what cannot be read of that")
    func codec() {
        for time in [0, 1, -1, Self.nowMs, .max, .min] as [Int64] {
            let totals = FoldTotals(newestMs: time)
            let bytes = totals.encoded()
            #expect(FoldTotals(decoding: bytes) == totals)
            for length in 0..<bytes.count {
                #expect(FoldTotals(decoding: Array(bytes.prefix(length))) == nil)
            }
            #expect(FoldTotals(decoding: [2] + bytes.dropFirst()) == nil)
        }
        #expect(ShopTime.moved(by: 5, receivedMs: .max) == 5)
    }
}
