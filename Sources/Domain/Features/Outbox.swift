import Messages

/// Entries for the trainer, gathered between checkpoints: varint length and OutboxEntry each.
struct Outbox: Sendable {
    private(set) var count = 0
    private(set) var bytes: [UInt8] = []

    /// Adds an interaction, written from the record's bytes without a string in between.
    ///
    /// - Returns: false if the event says nothing about an item.
    mutating func add(interaction record: RecordFields, in source: Span<UInt8>) -> Bool {
        let event = record.event
        let type = event.type
        guard !event.itemID.isEmpty, type.isInteraction else { return false }
        bytes.appendInteraction(
            source, user: event.userID, item: event.itemID, type: type, timeMs: event.timeMs,
            value: Self.value(of: record, type),
            category: event.category.isEmpty ? record.stampCategory : event.category)
        count += 1
        return true
    }

    /// Money for purchases and refunds, otherwise the event's own value.
    private static func value(of record: RecordFields, _ type: EventType) -> Double {
        let event = record.event
        guard type == .purchase || type == .refund else { return event.value }
        let price = event.price > 0 ? event.price : record.stampPrice
        return price * Double(max(event.quantity, 1))
    }

    mutating func add(example features: [Float], userID: String, timeMs: Int64) {
        var entry = OutboxEntry()
        entry.content = .example(Example(userID: userID, timeMs: timeMs, features: features))
        bytes.appendDelimited { entry.encode(into: &$0) }
        count += 1
    }

    mutating func take() -> (count: Int, bytes: [UInt8]) {
        defer {
            count = 0
            bytes.removeAll(keepingCapacity: true)
        }
        return (count, bytes)
    }
}

extension EventType {
    /// True if the event tells the trainer something about a user and an item.
    @inline(__always)
    fileprivate var isInteraction: Bool {
        switch self {
        case .view, .click, .favourite, .cartAdd, .cartRemove, .purchase, .refund, .rating,
            .review, .share, .dwell, .hide:
            true
        default: false
        }
    }
}
