/// What a feature worker hands on for training: clean interactions, and features as they were at
/// a moment.
package struct OutboxEntry: WireMessage {
    /// The alternatives; at most one is present.
    package enum Content: Sendable, Equatable {
        case interaction(Interaction)
        case example(Example)
    }

    package var content: Content?

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1:
                var merged = Interaction()
                if case .interaction(let earlier)? = content { merged = earlier }
                try reader.read(field, into: &merged)
                content = .interaction(merged)
            case 2:
                var merged = Example()
                if case .example(let earlier)? = content { merged = earlier }
                try reader.read(field, into: &merged)
                content = .example(merged)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        switch content {
        case .interaction(let interaction)?: out.write(1, interaction)
        case .example(let example)?: out.write(2, example)
        case nil: break
        }
    }
}

/// A cleaned interaction of a user with an item. In a block of an outbox, texts that an entry
/// before told are numbers and times are differences: ``OutboxReader`` puts them back.
package struct Interaction: WireMessage {
    package var userID = ""
    package var itemID = ""
    /// EventType.
    package var type: Int32 = 0
    package var timeMs: Int64 = 0
    /// Money for purchases and refunds, rating, dwell seconds.
    package var value: Double = 0
    package var category = ""
    /// The user by the order in which the block tells users, from 1; instead of ``userID``.
    package var userNumber: UInt64 = 0
    /// The item with its category likewise; instead of ``itemID`` and ``category``.
    package var itemNumber: UInt64 = 0
    /// Time since the interaction before it in the block, where ``timeMs`` is 0; two's complement.
    package var laterMs: UInt64 = 0

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &userID)
            case 2: try reader.read(field, into: &itemID)
            case 3: try reader.read(field, into: &type)
            case 4: try reader.read(field, into: &timeMs)
            case 5: try reader.read(field, into: &value)
            case 6: try reader.read(field, into: &category)
            case 7: try reader.read(field, into: &userNumber)
            case 8: try reader.read(field, into: &itemNumber)
            case 9: try reader.read(field, into: &laterMs)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, userID)
        out.write(2, itemID)
        out.write(3, type)
        out.write(4, timeMs)
        out.write(5, value)
        out.write(6, category)
        out.write(7, userNumber)
        out.write(8, itemNumber)
        out.write(9, laterMs)
    }
}

/// The features of a user as they were at a moment, packed: `Example.features` in Features unpacks.
package struct Example: WireMessage {
    package var userID = ""
    package var timeMs: Int64 = 0
    /// Of kind 3; all features when there are no kinds.
    package var values: [Float] = []
    /// Two bits per feature, the lowest bits of the first byte first.
    package var kinds: [UInt8] = []
    /// Of kind 2.
    package var whole: [UInt8] = []
    /// Of features.
    package var count: UInt32 = 0

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &userID)
            case 2: try reader.read(field, into: &timeMs)
            case 3: try reader.read(field, into: &values)
            case 4: try reader.read(field, into: &kinds)
            case 5: try reader.read(field, into: &whole)
            case 6: try reader.read(field, into: &count)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, userID)
        out.write(2, timeMs)
        out.write(3, values)
        out.write(4, kinds)
        out.write(5, whole)
        out.write(6, count)
    }
}
