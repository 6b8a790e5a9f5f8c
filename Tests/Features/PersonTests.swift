import Features
import Messages
import Testing

@Suite("A person's state is the sum of the identifiers'")
struct PersonTests {
    private func state(_ events: [Event]) throws -> UserState? {
        var log = Log()
        for event in events { log.append(event) }
        var fold = Log.newFold()
        try log.fold(into: &fold, blocksOf: 100)
        return fold.table.states.first
    }

    @Test(
        "counts, money and windows are those of one fold of all events",
        arguments: 1...12 as ClosedRange<UInt64>)
    func sums(seed: UInt64) throws {
        let events = randomEvents(seed: seed, count: 400, users: 3)
        var whole = events
        for at in whole.indices { whole[at].userID = "person" }
        let one = try #require(try state(whole))
        let states = try ["user-0", "user-1", "user-2"].compactMap { id in
            try state(events.filter { $0.userID == id })
        }
        try #require(states.count == 3)
        let sum = try #require(UserState.person(of: states))
        let asOfMs = one.lastSeenMs + 3_600_000
        let got = sum.features(asOfMs: asOfMs)
        let expected = one.features(asOfMs: asOfMs)
        var compared = 0
        for (at, feature) in FeatureCatalogue.features.enumerated() {
            guard [.windows, .life, .decayed, .habits].contains(feature.group),
                !feature.name.hasPrefix("sessions"), feature.name != "items_bought_life"
            else { continue }
            compared += 1
            let isSame =
                got[at] == expected[at] || (got[at].isNaN && expected[at].isNaN)
                || abs(got[at] - expected[at]) <= 1e-4 * abs(expected[at])
            #expect(isSame, "\(feature.name): \(got[at]), not \(expected[at]); seed \(seed)")
        }
        #expect(compared > 120)
        #expect(sum.recents == one.recents || sum.recents.count == one.recents.count)
        #expect(Set(sum.purchased) == Set(one.purchased))
        #expect(sum.firstSeenMs == one.firstSeenMs && sum.lastSeenMs == one.lastSeenMs)
        #expect(sum.longestStreak == one.longestStreak)
    }

    @Test("whichever identifier comes first, the person is the same but for the name")
    func order() throws {
        let events = randomEvents(seed: 77, count: 300, users: 2)
        let a = try #require(try state(events.filter { $0.userID == "user-0" }))
        let b = try #require(try state(events.filter { $0.userID == "user-1" }))
        var there = try #require(UserState.person(of: [a, b]))
        let back = try #require(UserState.person(of: [b, a]))
        #expect(there.userID == "user-0" && back.userID == "user-1")
        there.userID = "user-1"
        let asOfMs = max(a.lastSeenMs, b.lastSeenMs)
        for (one, other) in zip(there.features(asOfMs: asOfMs), back.features(asOfMs: asOfMs)) {
            #expect(
                one == other || (one.isNaN && other.isNaN) || abs(one - other) <= 1e-5 * abs(one))
        }
        #expect(
            there.affinities.shares(.category).map(\.name)
                == back.affinities.shares(.category).map(\.name))
    }

    @Test("an empty history adds nothing; one alone is itself; none is nobody")
    func neutral() throws {
        let state = try #require(try state(randomEvents(seed: 5, count: 100, users: 1)))
        #expect(UserState.person(of: [state]) == state)
        #expect(UserState.person(of: []) == nil)
        let sum = try #require(UserState.person(of: [state, UserState(userID: "empty")]))
        #expect(
            sum.features(asOfMs: state.lastSeenMs).map(\.bitPattern)
                == state.features(asOfMs: state.lastSeenMs).map(\.bitPattern))
    }

    @Test("what one identifier bought is not in the cart of the other")
    func cart() throws {
        let t: Int64 = 1_700_000_000_000
        let phone = try #require(
            try state([Event("a", .cartAdd, "x", t), Event("a", .cartAdd, "y", t)]))
        let desk = try #require(try state([Event("b", .purchase, "x", t + 9_000)]))
        #expect(UserState.person(of: [phone, desk])?.cart == ["y"])
        let again = try #require(try state([Event("b", .purchase, "y", t - 9_000)]))
        #expect(UserState.person(of: [phone, again])?.cart == ["x", "y"])
    }
}
