import Features
import Messages
import Profiles
import Testing

@Suite("The profile that people see")
struct ProfileTests {
    @Test("shows what the state holds, newest event first")
    func shows() throws {
        var state = UserState(userID: "u")
        var attributes = User()
        attributes.userID = "u"
        attributes.age = 40
        state.apply(attributes, offset: 6)
        state.recents.append(Recent(itemID: "old", type: .view, timeMs: 1))
        state.recents.append(Recent(itemID: "new", type: .cartAdd, timeMs: 2))
        let profile = Profile(from: UserView(state, nowMs: 2), partition: 5)
        #expect(profile.known)
        #expect(profile.version == 7)
        #expect(profile.partition == 5)
        #expect(profile.attributes?.age == 40)
        #expect(profile.recent.map(\.itemID) == ["new", "old"])
        #expect(profile.statistics.contains { $0.name == "events_life" })
        // A rate without events is unknown, and unknown is not shown as a number.
        #expect(!profile.statistics.contains { $0.name == "click_rate" })
        #expect(profile.statistics.allSatisfy { $0.value.isFinite })
    }

    @Test("somebody never seen is unknown, not an error")
    func unknown() {
        let profile = Profile.unknown("nobody", asOfMs: 9, partition: 1)
        #expect(!profile.known)
        #expect(profile.userID == "nobody")
        #expect(profile.statistics.isEmpty)
    }
}
