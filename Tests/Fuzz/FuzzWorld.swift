import Events
import Features
import Messages

/// Sound values, to be damaged: a log of some users, what is folded from it, and what a trainer
/// would be handed.
struct FuzzWorld {
    static let nowMs: Int64 = 1_750_000_000_000
    static let users = 12

    /// One block of the log.
    let block: [UInt8]
    let records: Int
    let rows: [(key: UInt64, state: [UInt8])]
    let outbox: OutboxEntries
    let newestMs: Int64

    init(seed: UInt64, events: Int = 500) throws {
        var random = FuzzRandom(seed: seed, case: 0)
        var block: [UInt8] = []
        var timeMs = Self.nowMs - 30 * 86_400_000
        for _ in 0..<events {
            timeMs += Int64(random.below(8_000_000))
            Self.append(Self.event(&random, timeMs), to: &block)
        }
        var user = User()
        user.userID = "user-1"
        user.age = 30
        user.interests = ["running", "books"]
        block.appendRecord(.user, user.encoded().span, 0..<user.encoded().count, stamp: Stamp())
        var fold = PartitionFold(
            partition: 0, appliedOffset: 0, storeIsEmpty: true, parameters: .standard,
            keys: .open)
        var changed: [UInt64] = []
        try fold.fold(block.span, firstOffset: 0, changed: &changed, load: { _ in nil })
        let changes = fold.takeChanges()
        self.block = block
        records = events + 1
        rows = changes.users.states
        outbox = changes.outbox
        newestMs = fold.newestMs
    }

    /// The states of all users.
    func states() throws -> [UserState] {
        try rows.map { try UserState(decoding: $0.state.span) }
    }

    private static func append(_ event: Event, to block: inout [UInt8]) {
        let body = event.encoded()
        var stamp = Stamp()
        stamp.receivedMs = event.timeMs
        stamp.category = "a/b"
        stamp.price = 12.5
        block.appendRecord(.event, body.span, 0..<body.count, stamp: stamp)
    }

    static func event(_ random: inout FuzzRandom, _ timeMs: Int64) -> Event {
        let types: [EventType] = [
            .view, .view, .click, .cartAdd, .cartRemove, .purchase, .search, .favourite, .dwell,
            .rating, .refund, .hide, .impression,
        ]
        var event = Event()
        event.eventID = "\(timeMs)"
        event.userID = "user-\(random.below(users))"
        event.type = types[random.below(types.count)]
        event.itemID = "item-\(random.below(40))"
        event.category = ["a/b", "a/c/d", "e", ""][random.below(4)]
        event.brand = ["x", "y", ""][random.below(3)]
        event.timeMs = timeMs
        event.price = Double(random.below(30_000)) / 100
        event.quantity = UInt32(random.below(3))
        event.value = event.type == .rating || event.type == .dwell ? 3.5 : 0
        if event.type == .search { event.text = "red shoes" }
        return event
    }
}
