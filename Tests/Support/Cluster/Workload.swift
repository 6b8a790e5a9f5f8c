package import Messages
import Randomness

/// Seeded events of a made-up shop; some of them are wrong on purpose.
package struct Workload {
    package let users: Int
    private var dice: SplitMix64
    package private(set) var made = 0
    private let startMs = FixtureTime.nowMs - 30 * 86_400_000

    package init(seed: UInt64, users: Int = 2000) {
        dice = SplitMix64(seed: seed)
        self.users = users
    }

    private static let types: [EventType] = [
        .view, .view, .view, .view, .view, .click, .favourite, .cartAdd, .purchase, .search,
    ]

    /// The next event, and whether ingest must take it.
    package mutating func next() -> (event: Event, isGood: Bool) {
        var event = Event()
        event.eventID = "\(made)"
        event.userID = "user-\(dice.below(users))"
        event.type = Self.types[dice.below(Self.types.count)]
        event.timeMs = startMs + Int64(made) * 10
        event.itemID = "item-\(dice.below(500))"
        event.category = "shop/shelf-\(dice.below(20))"
        if event.type == .purchase {
            event.price = Double(1 + dice.below(99_999)) / 100
            event.quantity = UInt32(1 + dice.below(3))
        }
        made += 1
        let isGood = dice.below(500) != 0
        if !isGood { event.price = .nan }
        return (event, isGood)
    }

    package mutating func batch(_ count: Int, into oracle: inout Oracle) -> [Record] {
        (0..<count).map { _ in
            let (event, isGood) = next()
            if isGood { oracle.take(event) } else { oracle.refuse() }
            var record = Record()
            record.content = .event(event)
            return record
        }
    }
}
