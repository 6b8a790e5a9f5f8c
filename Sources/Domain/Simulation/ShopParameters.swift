/// Size and habits of a simulated shop.
package struct ShopParameters: Sendable, Equatable {
    package var users = 2_000
    package var items = 1_000
    /// Exactly so many events come out, spread over `days`.
    package var events = 200_000
    package var days = 60
    /// First moment of the simulation, Unix milliseconds.
    package var startMs: Int64 = 1_735_689_600_000
    /// Hidden groups of users with a common mixture over categories and brands.
    package var tastes = 8
    package var fraudsterShare = 0.01
    /// Share of items that enter the shop while the simulation runs.
    package var newItemShare = 0.15
    /// Share of users who sign up while the simulation runs.
    package var newUserShare = 0.25
    /// Share of sessions whose visitor is not logged in.
    package var anonymousShare = 0.0
    /// How strongly tastes differ: 0 = everybody alike, 1 = hardly any overlap.
    package var tasteStrength = 0.85

    package init() {}

    package init(users: Int, items: Int, events: Int, days: Int = 60) {
        self.users = users
        self.items = items
        self.events = events
        self.days = days
    }

    var endMs: Int64 { startMs + Int64(days) * 86_400_000 }
}

/// What was planted, for tests and demonstrations; nothing of it is in the events.
package struct ShopTruth: Sendable {
    /// Taste of each user, by place in `users()`.
    package var tasteOfUser: [Int]
    /// Places in `users()` of the fraudsters.
    package var fraudsters: Set<Int>
    /// Places in `items()` of each item's complements.
    package var complementsOfItem: [[Int]]
    /// Favourite leaf categories of each taste.
    package var favouriteCategories: [[String]]
    /// Favourite brands of each taste.
    package var favouriteBrands: [Set<String>]
}
