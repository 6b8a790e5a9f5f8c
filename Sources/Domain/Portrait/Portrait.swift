package import Features
package import Messages
package import Profiles
package import Risk
import RiskRules
package import Segments

/// Everything that is said of a user by rules and models, put together: what profiles show and
/// what expressions see.
package struct Portrait: Sendable {
    package var tags: TagReader
    package var risk: RiskScorer
    package var segments: SegmentScorer

    package init(tags: TagReader, risk: RiskScorer, segments: SegmentScorer) {
        self.tags = tags
        self.risk = risk
        self.segments = segments
    }

    /// One user, with risk and segments for those who ask.
    package func view(_ state: UserState, nowMs: Int64) -> UserView {
        UserView(
            state, nowMs: nowMs, risk: { [risk] in risk.brief($0, asOfMs: nowMs) },
            segments: { [segments] in segments.brief($0) })
    }

    /// The profile of a user with a state; windows end at `asOfMs`. Predictions, identities and age
    /// are for those to add who know them.
    package func profile(of state: UserState, asOfMs: Int64, partition: Int) -> Profile {
        let plain = UserView(state, nowMs: asOfMs)
        let found = segments.segments(of: plain)
        let placed = plain.knowing(SegmentView(found))
        let judged = risk.assess(placed, asOfMs: asOfMs)
        let whole = placed.knowing(RiskView(judged))
        var profile = Profile(from: whole, partition: partition)
        profile.tagDetails = tags.held(by: whole) { view(state, nowMs: $0) }
        profile.tags = profile.tagDetails.map(\.name)
        profile.risk = UserRisk(judged)
        profile.segments = UserSegments(found, model: segments.model, asOfMs: asOfMs)
        return profile
    }
}
