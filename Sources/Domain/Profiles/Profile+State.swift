import Features
package import Messages

extension Profile {
    /// The profile that people and machines see, drawn from a view of the user.
    ///
    /// Windows end at the view's moment, and that is `now` for tags; statistics that are unknown (a
    /// rate without events) are left out.
    package init(from view: UserView, partition: Int) {
        let state = view.state
        self.init()
        userID = state.userID
        known = true
        self.partition = UInt32(partition)
        version = state.version
        firstSeenMs = state.firstSeenMs
        lastSeenMs = state.lastSeenMs
        asOfMs = view.nowMs
        attributes = state.attributes
        for feature in FeatureCatalogue.features {
            let value = feature.value(view.context)
            guard !value.isNaN else { continue }
            var entry = NamedValue()
            entry.name = feature.name
            entry.value = value
            statistics.append(entry)
        }
        for kind in AffinityKind.allCases {
            for (name, share) in view.shares(of: kind) {
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
