import Messages

/// Entries for the trainer: varint length and OutboxEntry each.
package struct OutboxEntries: Sendable, Equatable {
    package private(set) var count = 0
    package private(set) var bytes: [UInt8] = []

    package init() {}

    /// Adds the entry that `write` appends.
    @inline(__always)
    fileprivate mutating func append(_ write: (inout [UInt8]) -> Void) {
        write(&bytes)
        count += 1
    }

    /// Empty again, with the room it had.
    fileprivate mutating func removeAll() {
        count = 0
        bytes.removeAll(keepingCapacity: true)
    }
}

/// Entries for the trainer, gathered between checkpoints into one block.
///
/// A block tells each user, and each item with its category, once, and names them by number from
/// then on: a third of the bytes for a shop with much to do, and bytes are what a checkpoint costs.
struct Outbox: Sendable {
    private(set) var entries = OutboxEntries()
    private var items = ToldItems()
    private var usersTold = Serial()
    private var itemsTold = Serial()
    private var lastMs: Int64 = 0

    /// Adds an interaction, written from the record's bytes without a string in between.
    ///
    /// `timeMs` is when it was, as far as the trainer is to believe it; `user` is when the user was
    /// told last, kept by the caller and 0 at first; `item` a hash of
    /// the item and its category, which stands for them.
    ///
    /// - Returns: false if the event says nothing about an item.
    @inline(__always)
    mutating func add(
        interaction record: RecordFields, in source: Span<UInt8>, timeMs: Int64,
        user: inout UInt64, item: UInt64
    ) -> Bool {
        let event = record.event
        guard !event.itemID.isEmpty, event.type.isInteraction else { return false }
        var interaction = OutboxInteraction()
        interaction.user = event.userID
        interaction.userNumber = usersTold.number(&user)
        interaction.item = event.itemID
        interaction.category = record.category
        interaction.itemNumber = items.number(item, &itemsTold)
        interaction.type = event.type
        interaction.timeMs = timeMs
        interaction.previousMs = lastMs
        interaction.value = Self.value(of: record, event.type)
        entries.append { $0.appendInteraction(source, interaction) }
        lastMs = timeMs
        return true
    }

    /// Money for purchases and refunds, otherwise the event's own value.
    private static func value(of record: RecordFields, _ type: EventType) -> Double {
        let event = record.event
        guard type == .purchase || type == .refund else { return event.value }
        return record.price * Double(max(event.quantity, 1))
    }

    mutating func add(example features: [Float], userID: String, timeMs: Int64) {
        var entry = OutboxEntry()
        entry.content = .example(Example(userID: userID, timeMs: timeMs, features: features))
        entries.append { $0.appendDelimited { entry.encode(into: &$0) } }
    }

    /// Changes places with `taken`, whose room is used for the next block.
    mutating func take(into taken: inout OutboxEntries) {
        swap(&entries, &taken)
        entries.removeAll()
        usersTold.beginBlock()
        itemsTold.beginBlock()
        lastMs = 0
    }

    /// Reads what an interaction will touch; see `PartitionFold.warm`.
    @inline(__always)
    func warmth(item: UInt64) -> UInt64 { items.warmth(item) }
}

/// Numbers texts in the order in which a block tells them. Counts on over all blocks, so that what
/// earlier ones told is known by its number and nothing has to be cleared.
private struct Serial: Sendable {
    private var last: UInt64 = 0
    private var blockStart: UInt64 = 0

    /// The number of something in this block; 0, after which it has one, if it was not told yet.
    @inline(__always)
    mutating func number(_ told: inout UInt64) -> UInt64 {
        if told > blockStart { return told - blockStart }
        last += 1
        told = last
        return 0
    }

    mutating func beginBlock() { blockStart = last }
}

/// When items were told. A direct-mapped table: an item that another has pushed out is told again.
private struct ToldItems: Sendable {
    private struct Place: Sendable {
        var hash: UInt64 = 0
        var told: UInt64 = 0
    }

    private var places: [Place] = []

    /// A power of two.
    private static let size = 4096

    @inline(__always)
    mutating func number(_ hash: UInt64, _ serial: inout Serial) -> UInt64 {
        if places.isEmpty { places = Array(repeating: Place(), count: Self.size) }
        let place = Self.place(hash)
        if places[place].hash != hash { places[place] = Place(hash: hash) }
        return serial.number(&places[place].told)
    }

    @inline(__always)
    func warmth(_ hash: UInt64) -> UInt64 {
        places.isEmpty ? 0 : places[Self.place(hash)].hash
    }

    @inline(__always)
    private static func place(_ hash: UInt64) -> Int {
        Int(truncatingIfNeeded: hash >> 40) & (size - 1)
    }
}

extension EventType {
    /// True if the event tells the trainer something about a user and an item.
    @inline(__always)
    package var isInteraction: Bool {
        switch self {
        case .view, .click, .favourite, .cartAdd, .cartRemove, .purchase, .refund, .rating,
            .review, .share, .dwell, .hide:
            true
        default: false
        }
    }
}
