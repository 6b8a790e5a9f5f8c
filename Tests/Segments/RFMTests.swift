import Features
import Testing

@testable import Segments

@Suite("Fifths of buyers and stages of life")
struct RFMTests {
    @Test("fifths are equal parts, equal values have equal scores")
    func fifths() throws {
        let rising = (1...10).map { Double($0) }
        let rfm = try #require(
            RFM.fit(
                recency: rising, frequency: rising, monetary: Array(repeating: 7, count: 10)))
        #expect(rfm.frequency == [2, 4, 6, 8])
        #expect(
            rising.map { rfm.scores(days: 0, orders: $0, spend: 7).frequency }
                == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5])
        #expect(
            rising.map { rfm.scores(days: $0, orders: 1, spend: 7).recency }
                == [5, 5, 4, 4, 3, 3, 2, 2, 1, 1])
        #expect(rfm.scores(days: 1, orders: 1, spend: 7).monetary == 1)
        #expect(rfm.scores(days: 1, orders: 1, spend: 8).monetary == 5)
        let free = try #require(
            RFM.fit(recency: rising, frequency: rising, monetary: Array(repeating: 0, count: 10)))
        let scores = free.scores(days: 1, orders: 10, spend: 0)
        #expect(scores.monetary == 0 && scores.value == 5 && scores.tier == .champions)
        #expect(RFM.fit(recency: [1, 2], frequency: [1, 2], monetary: [1, 2]) == nil)
    }

    @Test("every field of the grid has its tier")
    func tiers() {
        #expect(RFM.Tier.of(recency: 5, value: 5) == .champions)
        #expect(RFM.Tier.of(recency: 5, value: 1) == .recent)
        #expect(RFM.Tier.of(recency: 1, value: 5) == .cannotLose)
        #expect(RFM.Tier.of(recency: 1, value: 1) == .hibernating)
        #expect(RFM.Tier.of(recency: 3, value: 3) == .needAttention)
        let all = (1...5).flatMap { recency in
            (1...5).map { RFM.Tier.of(recency: recency, value: $0) }
        }
        #expect(Set(all) == Set(RFM.Tier.allCases))
        #expect(RFM.Scores(recency: 5, frequency: 3, monetary: 4).value == 4)
        #expect(RFM.Scores(recency: 5, frequency: 3, monetary: 4).tier == .champions)
    }

    private func stage(
        first: Double?, last: Double? = nil, gaps: Int = 0, gapDays: Double = 0, seen: Double
    ) -> LifeCycle.Stage? {
        var state = UserState(userID: "u")
        let now = 1000 * LifeCycle.dayMs
        func ms(_ daysAgo: Double) -> Int64 { now - Int64(daysAgo * Double(LifeCycle.dayMs)) }
        state.firstSeenMs = ms(max(seen, first ?? 0))
        state.lastSeenMs = ms(seen)
        if let first {
            state.purchases.firstMs = ms(first)
            state.purchases.lastMs = ms(last ?? first)
            state.purchases.gaps = UInt32(gaps)
            state.purchases.gapHours = Double(gaps) * gapDays * 24
        }
        return LifeCycle.standing(of: state, nowMs: now)?.stage
    }

    @Test("stages go by the user's own rhythm")
    func stages() {
        #expect(LifeCycle.standing(of: UserState(userID: "u"), nowMs: 5) == nil)
        #expect(stage(first: nil, seen: 30) == .visitor)
        #expect(stage(first: nil, seen: 31) == .faded)
        #expect(stage(first: 30, seen: 0) == .new)
        // Once: 45 days.
        #expect(stage(first: 45, seen: 45) == .active)
        #expect(stage(first: 46, seen: 0) == .slipping)
        #expect(stage(first: 91, seen: 0) == .dormant)
        #expect(stage(first: 181, seen: 0) == .lost)
        // Every 20 days: 30.
        #expect(stage(first: 200, last: 30, gaps: 3, gapDays: 20, seen: 0) == .active)
        #expect(stage(first: 200, last: 60, gaps: 3, gapDays: 20, seen: 0) == .slipping)
        #expect(stage(first: 200, last: 120, gaps: 3, gapDays: 20, seen: 0) == .dormant)
        #expect(stage(first: 200, last: 121, gaps: 3, gapDays: 20, seen: 0) == .lost)
        // Every day, yet two weeks are no reason to worry; every year, yet half a year is.
        #expect(stage(first: 200, last: 14, gaps: 9, gapDays: 1, seen: 0) == .active)
        #expect(stage(first: 900, last: 181, gaps: 2, gapDays: 365, seen: 0) == .slipping)
    }

    @Test("a stage begins when the one before ends")
    func since() throws {
        var state = UserState(userID: "u")
        state.firstSeenMs = 5
        state.lastSeenMs = 10 * LifeCycle.dayMs
        state.purchases.firstMs = 10 * LifeCycle.dayMs
        state.purchases.lastMs = 10 * LifeCycle.dayMs
        var before: LifeCycle.Standing?
        for hour in stride(from: Int64(240), to: 300 * 24, by: 1) {
            let now = hour * 3_600_000
            let standing = try #require(LifeCycle.standing(of: state, nowMs: now))
            if let before, before.stage != standing.stage {
                #expect(standing.sinceMs >= now - 3_600_000 && standing.sinceMs <= now)
            } else if let before {
                #expect(before == standing)
            }
            before = standing
        }
        #expect(before?.stage == .lost)
    }
}
