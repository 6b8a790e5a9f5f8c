import Expressions
import Features
import Messages
import Portrait
import Profiles
import Risk
import Segments
import Testing

@Suite("Every part of a profile says where it comes from")
struct ProvenanceTests {
    private static let nowMs: Int64 = 1_700_000_000_000

    private static func profile() throws -> (Profile, TagReader) {
        let tags = try TagReader([
            TagDefinition("north", condition: "user.region == 'north'"),
            TagDefinition("south", condition: "user.region == 'south'"),
        ])
        let portrait = Portrait(
            tags: tags, risk: try RiskScorer(rules: [], tags: tags),
            segments: try SegmentScorer())
        var attributes = User()
        attributes.region = "north"
        attributes.timeMs = nowMs - 5
        var state = UserState(userID: "u1")
        state.apply(attributes, offset: 0)
        var profile = portrait.profile(of: state, asOfMs: nowMs, partition: 3)
        var prediction = Prediction()
        prediction.name = "purchase"
        prediction.model = "purchase/7"
        profile.predictions = [prediction]
        var identity = Identity()
        identity.userID = "cookie"
        identity.source = "login"
        identity.linkedMs = 42
        profile.identities = [identity]
        return (profile, tags)
    }

    @Test("models with their version, tags with their condition, identities with who linked them")
    func origins() throws {
        var (profile, tags) = try Self.profile()
        profile.noteProvenance(tags: tags)
        let found = profile.provenance.map {
            "\($0.part) | \($0.source) | \($0.maker) | \($0.asOfMs - Self.nowMs)"
        }
        #expect(
            found == [
                "attributes | user records |  | -5",
                "statistics | events |  | 0",
                "segments.stage | statistics |  | 0",
                "risk.rules | statistics |  | 0",
                "tags.north | condition of limn.json5 | user.region == 'north' | 0",
                "predictions.purchase | statistics | purchase/7 | 0",
                "identities.cookie | links | login | \(42 - Self.nowMs)",
            ])
    }

    @Test("fitted models are named; noting twice changes nothing")
    func models() throws {
        var (profile, tags) = try Self.profile()
        profile.risk?.model = "risk/2"
        profile.segments?.model = "segments/3"
        profile.noteProvenance(tags: tags)
        let once = profile.provenance
        #expect(once.contains { $0.part == "risk" && $0.maker == "risk/2" })
        #expect(once.contains { $0.part == "segments" && $0.maker == "segments/3" })
        profile.noteProvenance(tags: tags)
        #expect(profile.provenance == once)
    }

    @Test("of somebody who is not known only the identities have an origin")
    func unknown() throws {
        let (known, tags) = try Self.profile()
        var profile = Profile.unknown("u2", asOfMs: Self.nowMs, partition: 1)
        profile.identities = known.identities
        profile.noteProvenance(tags: tags)
        #expect(profile.provenance.map(\.part) == ["identities.cookie"])
    }
}
