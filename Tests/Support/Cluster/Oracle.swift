package import Messages

/// What must be true of every user, counted as simply as possible.
package struct Oracle {
    package struct Totals: Equatable {
        package var counts: [EventType: Int] = [:]
        package var spend = 0.0
        package var events: Int { counts.values.reduce(0, +) }
    }

    package private(set) var totals: [String: Totals] = [:]
    package private(set) var accepted = 0
    package private(set) var rejected = 0

    package init() {}

    package mutating func take(_ event: Event) {
        totals[event.userID, default: Totals()].counts[event.type, default: 0] += 1
        if event.type == .purchase {
            totals[event.userID, default: Totals()].spend +=
                event.price * Double(max(event.quantity, 1))
        }
        accepted += 1
    }

    package mutating func refuse() { rejected += 1 }

    /// Forgets one event: then the checker must find one too many.
    package mutating func drop(_ type: EventType, of userID: String) {
        totals[userID]?.counts[type, default: 0] -= 1
    }

    /// What a profile should say, by the names of its statistics.
    package func expected(_ userID: String) -> [(name: String, value: Double)] {
        let totals = totals[userID] ?? Totals()
        func count(_ type: EventType) -> Double { Double(totals.counts[type] ?? 0) }
        return [
            ("events_life", Double(totals.events)), ("views_life", count(.view)),
            ("favourites_life", count(.favourite)), ("carts_life", count(.cartAdd)),
            ("purchases_life", count(.purchase)), ("spend_life", totals.spend),
        ]
    }

    /// How a profile differs; empty when it is exactly right.
    package func differences(_ profile: Profile) -> [String] {
        let found = Dictionary(
            profile.statistics.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
        return expected(profile.userID).compactMap { name, value in
            // The same additions in the same order: equal to the last bit.
            (found[name] ?? 0) == value
                ? nil : "\(profile.userID) \(name): \(found[name] ?? 0), should be \(value)"
        }
    }
}
