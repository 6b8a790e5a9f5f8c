package import Features
package import Messages

extension Profile {
    /// The profile that people and machines see, drawn from a user's state.
    ///
    /// Windows end at `asOfMs`, and that is `now` for tags; statistics that are unknown (a rate
    /// without events) are left out.
    package init(
        from state: UserState, asOfMs: Int64, partition: Int, tags reader: TagReader? = nil,
        risk: ((UserView) -> RiskView)? = nil, segments: ((UserView) -> SegmentView)? = nil
    ) {
        self.init()
        userID = state.userID
        known = true
        self.partition = UInt32(partition)
        version = state.version
        firstSeenMs = state.firstSeenMs
        lastSeenMs = state.lastSeenMs
        self.asOfMs = asOfMs
        attributes = state.attributes
        state.visitFeatures(asOfMs: asOfMs) { feature, value in
            guard !value.isNaN else { return }
            var entry = NamedValue()
            entry.name = feature.name
            entry.value = value
            statistics.append(entry)
        }
        for kind in AffinityKind.allCases {
            for (name, share) in state.affinities.shares(kind) {
                var entry = Affinity()
                entry.kind = kind.name
                entry.name = name
                entry.share = share
                affinities.append(entry)
            }
        }
        for event in state.recents.ordered.reversed() {
            var entry = RecentEvent()
            entry.type = event.type
            entry.timeMs = event.timeMs
            entry.itemID = event.itemID
            recent.append(entry)
        }
        tags =
            reader?.names(
                of: UserView(state, nowMs: asOfMs, risk: risk, segments: segments)) ?? []
    }

    /// The profile of somebody of whom no event was ever seen.
    package static func unknown(_ userID: String, asOfMs: Int64, partition: Int) -> Profile {
        var profile = Profile()
        profile.userID = userID
        profile.asOfMs = asOfMs
        profile.partition = UInt32(partition)
        return profile
    }
}
