import Events
import Features
import Messages
import Randomness

/// A log in memory for tests: events as ingest writes them.
struct Log {
    private(set) var records: [[UInt8]] = []

    mutating func append(_ event: Event, stamp: Stamp = Stamp()) {
        let body = event.encoded()
        var record: [UInt8] = []
        record.appendRecord(.event, body.span, 0..<body.count, stamp: stamp)
        records.append(record)
    }

    mutating func append(_ user: User) {
        let body = user.encoded()
        var record: [UInt8] = []
        record.appendRecord(.user, body.span, 0..<body.count, stamp: Stamp())
        records.append(record)
    }

    /// Folds everything in blocks of `size` records.
    func fold(into fold: inout PartitionFold, blocksOf size: Int, from start: Int = 0) throws {
        var changed: [UInt64] = []
        var at = start
        while at < records.count {
            let end = min(at + size, records.count)
            let block = records[at..<end].flatMap { $0 }
            try fold.fold(
                block.span, firstOffset: UInt64(at), changed: &changed, load: { _ in nil })
            at = end
        }
    }

    static func newFold() -> PartitionFold {
        PartitionFold(
            partition: 0, appliedOffset: 0, storeIsEmpty: true, parameters: FoldParameters(),
            keys: .open)
    }
}

extension Event {
    init(_ userID: String, _ type: EventType, _ itemID: String, _ timeMs: Int64) {
        self.init()
        self.userID = userID
        self.type = type
        self.itemID = itemID
        self.timeMs = timeMs
    }
}

/// Random events of a few users over some days, mostly in order.
func randomEvents(seed: UInt64, count: Int, users: Int) -> [Event] {
    var random = SplitMix64(seed: seed)
    let types: [EventType] = [
        .view, .view, .view, .click, .favourite, .cartAdd, .cartRemove, .purchase, .search,
        .dwell, .rating, .refund, .hide, .impression, .login,
    ]
    var timeMs: Int64 = 1_700_000_000_000
    return (0..<count).map { _ in
        timeMs += Int64.random(in: 0..<400_000, using: &random)
        let late = Int.random(in: 0..<20, using: &random) == 0
        var event = Event(
            "user-\(Int.random(in: 0..<users, using: &random))",
            types.randomElement(using: &random) ?? .view,
            "item-\(Int.random(in: 0..<40, using: &random))",
            late ? timeMs - Int64.random(in: 0..<300_000_000, using: &random) : timeMs)
        event.price = Double(Int.random(in: 0..<30_000, using: &random)) / 100
        event.quantity = UInt32.random(in: 0..<3, using: &random)
        event.value = event.type == .dwell || event.type == .rating ? 3.5 : 0
        event.category = ["a/b", "a/c/d", "e", ""].randomElement(using: &random) ?? ""
        event.brand = ["x", "y", ""].randomElement(using: &random) ?? ""
        if event.type == .search {
            event.text = "red shoes \(Int.random(in: 0..<9, using: &random))"
        }
        return event
    }
}
