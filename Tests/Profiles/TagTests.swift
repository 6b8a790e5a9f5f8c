import Expressions
import Events
import Features
import Messages
import Profiles
import Testing

@Suite("Expressions and tags over the states of users")
struct TagTests {
    static let nowMs: Int64 = 1_700_000_000_000

    static func state() -> UserState {
        var state = UserState(userID: "u1")
        var user = User()
        user.userID = "u1"
        user.age = 33
        user.region = "north"
        user.interests = ["tea"]
        var property = Property()
        property.key = "tier"
        property.value = "gold"
        user.properties = [property]
        state.apply(user, offset: 0)
        state.firstSeenMs = nowMs - 40 * 86_400_000
        state.lastSeenMs = nowMs - 2 * 86_400_000
        state.purchased = ["i1", "i2"]
        state.cart = ["i3"]
        return state
    }

    static func value(_ text: String, of state: UserState = state()) throws -> ExpressionValue {
        let tags = try TagReader([])
        let reader = try tags.reader(text)
        return tags.value(reader, of: UserView(state, nowMs: nowMs))
    }

    @Test(
        "what a state holds",
        arguments: [
            ("now - last_seen < 7d && first_seen < last_seen", true), ("user.age == 33", true),
            ("user.region == 'north' && user.id == 'u1'", true), ("has(user.gender)", false),
            ("'tea' in user.interests && size(user.interests) == 1", true),
            ("user.properties['tier'] == 'gold' && size(user.properties) == 1", true),
            ("'i2' in items.bought && !('i3' in items.bought) && 'i3' in items.cart", true),
            ("has(items.hidden)", false), ("stats.cart_items == 1", true),
            ("has(affinity.category) || has(stats.mean_rating)", false),
            ("stats.days_since_last == (now - last_seen) / 1d", true),
        ])
    func holds(_ text: String, _ expected: Bool) throws {
        #expect(try Self.value(text) == .flag(expected))
    }

    @Test("every symbol of the catalogue can be read, and equals the profile")
    func everySymbol() throws {
        let state = Self.state()
        let profile = Profile(from: UserView(state, nowMs: Self.nowMs), partition: 0)
        let statistics = Dictionary(
            profile.statistics.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
        var read = 0
        for symbol in UserSymbols.table.symbols {
            let text = symbol.type.isScalar ? symbol.name : "size(\(symbol.name))"
            let value = try Self.value(text)
            guard symbol.name.hasPrefix("stats.") else {
                if !symbol.type.isScalar { #expect(value != .unknown, "\(symbol.name)") }
                continue
            }
            let expected = statistics[String(symbol.name.dropFirst(6))]
            #expect(value == expected.map { .number($0) } ?? .unknown, "\(symbol.name)")
            read += 1
        }
        #expect(read == FeatureCatalogue.count)
    }

    @Test("of somebody without attributes nothing is known")
    func unknown() throws {
        let state = UserState(userID: "u2")
        for text in ["user.age > 1", "user.region == 'x'", "last_seen < now"] {
            #expect(try Self.value(text, of: state) == .unknown)
        }
        #expect(try Self.value("size(user.interests) == 0", of: state) == .flag(true))
    }

    @Test("affinities are the shares of the profile")
    func affinities() throws {
        var fold = PartitionFold(
            partition: 0, appliedOffset: 0, storeIsEmpty: true, parameters: FoldParameters(),
            keys: .open)
        var records: [UInt8] = []
        for category in ["baby", "baby", "garden"] {
            var event = Event()
            event.userID = "u3"
            event.type = .view
            event.itemID = "i"
            event.category = category
            event.timeMs = Self.nowMs
            let body = event.encoded()
            records.appendRecord(.event, body.span, 0..<body.count, stamp: Stamp())
        }
        var changed: [UInt64] = []
        try fold.fold(records.span, firstOffset: 0, changed: &changed, load: { _ in nil })
        let state = try #require(fold.table.states.first)
        let share = try #require(state.affinities.shares(.category).first { $0.name == "baby" })
        let value = try Self.value("affinity.category['baby']", of: state)
        #expect(value == .number(share.share))
        #expect(try Self.value("affinity.category['toys'] == 0", of: state) == .flag(true))
        #expect(try Self.value("affinity.brand['x'] == 0", of: state) == .unknown)
    }

    /// What is said of the tags that the sample user has so long after the last event.
    private func held(
        _ definitions: [TagDefinition], hoursAfter hours: Int64, _ segments: SegmentView? = nil
    ) throws -> [UserTag] {
        let state = Self.state()
        let view = { (nowMs: Int64) in
            UserView(state, nowMs: nowMs, segments: segments.map { given in { _ in given } })
        }
        let nowMs = state.lastSeenMs + hours * 3_600_000
        return try TagReader(definitions).held(by: view(nowMs), earlier: view)
    }

    @Test("a tag rests on facts, statistics or models, and has the value that is asked for")
    func basis() throws {
        var segments = SegmentView()
        segments.behaviour = "night"
        segments.taste = "lamps"
        segments.behaviourCertainty = 0.75
        segments.tasteCertainty = 0.5
        let tags = try held(
            [
                TagDefinition("young", condition: "user.age < 40", value: "user.age"),
                TagDefinition("here", condition: "now > first_seen", value: "user.region"),
                TagDefinition("owl", condition: "segment.behaviour == 'night'"),
                TagDefinition(
                    "both", condition: "'owl' in tags && segment.taste == 'lamps'",
                    value: "'owl' in tags"),
                TagDefinition("known", condition: "true", value: "stats.mean_rating"),
                TagDefinition("never", condition: "false", value: "user.age"),
            ], hoursAfter: 1, segments)
        #expect(tags.map(\.name) == ["young", "here", "owl", "both", "known"])
        #expect(tags.map(\.kind) == ["fact", "statistic", "model", "model", "fact"])
        #expect(tags.map(\.confidence) == [1, 1, 0.75, 0.5, 1])
        #expect(tags.map(\.value) == ["33", "north", "", "true", ""])
    }

    @Test("a tag that time brings holds since that hour, another since the last event")
    func since() throws {
        let tags = try held(
            [
                TagDefinition("sleeping", condition: "now - last_seen > 30d"),
                TagDefinition("seen", condition: "has(last_seen)"),
                TagDefinition("quiet", condition: "stats.days_since_last > 7"),
            ], hoursAfter: 100 * 24)
        let lastMs = Self.state().lastSeenMs
        #expect(tags.map(\.name) == ["sleeping", "seen", "quiet"])
        let hours = tags.map { Double($0.sinceMs - lastMs) / 3_600_000 }
        #expect(hours[0] > 30 * 24 && hours[0] <= 30 * 24 + 1)
        #expect(hours[1] == 0)
        #expect(hours[2] > 7 * 24 && hours[2] <= 7 * 24 + 1)
    }

    @Test("a value that cannot be understood is told with its tag")
    func wrongValue() {
        let problem = #expect(throws: TagFailure.self) {
            try TagReader([TagDefinition("vip", condition: "true", value: "stats.spend_30")])
        }
        #expect(
            problem?.description.hasPrefix("tags.vip: value: unknown_name at column 1") == true)
    }

    @Test("tags stand in the profile, also those that ask for others")
    func profile() throws {
        let reader = try TagReader([
            TagDefinition("young_north", condition: "'north' in tags && user.age < 40"),
            TagDefinition("north", condition: "user.region == 'north'"),
            TagDefinition("critic", condition: "stats.mean_rating < 3"),
            TagDefinition("lost", condition: "now - last_seen > 90d"),
        ])
        let state = Self.state()
        let view = { UserView(state, nowMs: $0) }
        #expect(
            reader.held(by: view(Self.nowMs), earlier: view).map(\.name)
                == ["young_north", "north"])
        let truths = reader.truths(of: UserView(state, nowMs: Self.nowMs))
        #expect(truths[0] == 1 && truths[1] == 1 && truths[2].isNaN && truths[3] == 0)
        let counting = try reader.reader("size(tags) == 2 && 'north' in tags")
        #expect(reader.value(counting, of: UserView(state, nowMs: Self.nowMs)).isTrue)
    }
}
