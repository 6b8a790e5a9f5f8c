package import Features
package import Recommendation

/// What scoring holds of one user.
package struct HeldProfile: Sendable {
    package var userID: String
    package var partition: Int
    /// Nil: the owner said that it never saw the user.
    package var state: UserState?
    /// When the owner answered, on the monotonic clock.
    package var pulledAt: Duration
    /// The user changed since, or that cannot be ruled out.
    package var isStale = false
    /// The history against the current models, made when first needed.
    package var taste: Taste?

    package init(userID: String, partition: Int, state: UserState?, pulledAt: Duration) {
        self.userID = userID
        self.partition = partition
        self.state = state
        self.pulledAt = pulledAt
    }
}

/// The profiles used last, bounded by count, by the hash of the user id.
package struct ProfileCache: Sendable {
    private struct Slot: Sendable {
        var hash: UInt64
        var newer: Int
        var older: Int
        var profile: HeldProfile
    }

    private var slots: [Slot] = []
    private var places: [UInt64: Int] = [:]
    private var newest = -1
    private var oldest = -1
    private let limit: Int

    package init(limit: Int) { self.limit = max(1, limit) }

    package var count: Int { slots.count }

    /// The place of a user's profile, now the newest; nil when none is held.
    package mutating func find(_ hash: UInt64, _ userID: String) -> Int? {
        guard let place = places[hash], slots[place].profile.userID == userID else { return nil }
        touch(place)
        return place
    }

    package subscript(place: Int) -> HeldProfile {
        // Lent, since a copy would count a reference for each list of the state.
        _read { yield slots[place].profile }
        _modify { yield &slots[place].profile }
    }

    /// Stores a profile; the one used longest ago goes when there is no room.
    @discardableResult
    package mutating func store(_ hash: UInt64, _ profile: HeldProfile) -> Int {
        if let place = places[hash] {
            slots[place].profile = profile
            touch(place)
            return place
        }
        let place: Int
        if slots.count < limit {
            place = slots.count
            slots.append(Slot(hash: hash, newer: -1, older: -1, profile: profile))
        } else {
            place = oldest
            unlink(place)
            places[slots[place].hash] = nil
            slots[place] = Slot(hash: hash, newer: -1, older: -1, profile: profile)
        }
        places[hash] = place
        link(place)
        return place
    }

    /// The user changed: what is held may be shown only in need.
    package mutating func invalidate(_ hash: UInt64) {
        if let place = places[hash] { slots[place].profile.isStale = true }
    }

    /// Changes of these partitions were missed.
    package mutating func invalidate(partitionsWhere isLost: (Int) -> Bool) {
        for place in slots.indices where isLost(slots[place].profile.partition) {
            slots[place].profile.isStale = true
        }
    }

    private mutating func touch(_ place: Int) {
        if newest == place { return }
        unlink(place)
        link(place)
    }

    private mutating func link(_ place: Int) {
        slots[place].older = newest
        slots[place].newer = -1
        if newest >= 0 { slots[newest].newer = place }
        newest = place
        if oldest < 0 { oldest = place }
    }

    private mutating func unlink(_ place: Int) {
        let (newer, older) = (slots[place].newer, slots[place].older)
        if newer >= 0 { slots[newer].older = older } else { newest = older }
        if older >= 0 { slots[older].newer = newer } else { oldest = newer }
    }
}
