import Messages
import Randomness
import TestSupport

/// Seeded events of one producer, each with the note the oracle reads.
struct Shop {
    struct Made {
        let record: Record
        let note: String
        let isGood: Bool
    }

    let producer: String
    let users: Int
    private(set) var batches = 0
    private var number = 0
    private var dice: SplitMix64
    private let startMs = FixtureTime.nowMs - 3_600_000

    private static let types: [(EventType, String)] = [
        (.view, "view"), (.view, "view"), (.view, "view"), (.view, "view"), (.click, "click"),
        (.favourite, "favourite"), (.cartAdd, "cart"), (.purchase, "purchase"),
    ]

    init(producer: String, seed: UInt64, users: Int) {
        self.producer = producer
        self.users = users
        dice = SplitMix64(seed: seed)
    }

    mutating func batch(_ count: Int) -> [Made] {
        batches += 1
        return (0..<count).map { _ in next() }
    }

    /// A batch whose middle event is good and has this id.
    mutating func batch(_ count: Int, deadly id: String) -> [Made] {
        var made = batch(count)
        var event = Event()
        event.eventID = id
        event.userID = "user-0"
        event.type = .view
        event.timeMs = startMs
        event.itemID = "item-0"
        var record = Record()
        record.content = .event(event)
        made[count / 2] = Made(
            record: record, note: "\(id)|user-0|view|0|1|good", isGood: true)
        return made
    }

    /// One event of a chosen user.
    mutating func single(user: String) -> [Made] {
        batches += 1
        return [make(user, Self.types[0])]
    }

    /// One event of each of these users.
    mutating func crowd(_ users: [String]) -> [Made] {
        batches += 1
        return users.map { make($0, Self.types[0]) }
    }

    private mutating func next() -> Made {
        make("user-\(dice.below(users))", Self.types[dice.below(Self.types.count)])
    }

    private mutating func make(_ user: String, _ type: (EventType, String)) -> Made {
        number += 1
        var event = Event()
        event.eventID = "\(producer).\(number)"
        event.userID = user
        event.type = type.0
        event.timeMs = startMs + Int64(number)
        event.itemID = "item-\(dice.below(120))"
        var quarters = 0
        if type.0 == .purchase {
            quarters = 1 + dice.below(4000)
            event.price = Double(quarters) / 4
            event.quantity = UInt32(1 + dice.below(3))
        }
        let isGood = dice.below(400) != 0
        if !isGood { event.price = .nan }
        var record = Record()
        record.content = .event(event)
        let quantity = max(1, event.quantity)
        return Made(
            record: record,
            note: "\(event.eventID)|\(user)|\(type.1)|\(quarters)|\(quantity)|"
                + (isGood ? "good" : "bad"),
            isGood: isGood)
    }
}
