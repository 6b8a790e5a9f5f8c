/// One entry of a batch and of the event log: exactly one of the four.
package struct Record: WireMessage {
    /// The alternatives; at most one is present.
    package enum Content: Sendable, Equatable {
        case event(Event)
        case item(Item)
        case user(User)
        case link(Link)
    }

    package var content: Content?
    /// Set by ingest; whatever a producer puts here is dropped.
    package var stamp: Stamp?

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1:
                var merged = Event()
                if case .event(let earlier)? = content { merged = earlier }
                try reader.read(field, into: &merged)
                content = .event(merged)
            case 2:
                var merged = Item()
                if case .item(let earlier)? = content { merged = earlier }
                try reader.read(field, into: &merged)
                content = .item(merged)
            case 3:
                var merged = User()
                if case .user(let earlier)? = content { merged = earlier }
                try reader.read(field, into: &merged)
                content = .user(merged)
            case 4:
                var merged = Link()
                if case .link(let earlier)? = content { merged = earlier }
                try reader.read(field, into: &merged)
                content = .link(merged)
            case 10: try reader.read(field, into: &stamp)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        switch content {
        case .event(let event)?: out.write(1, event)
        case .item(let item)?: out.write(2, item)
        case .user(let user)?: out.write(3, user)
        case .link(let link)?: out.write(4, link)
        case nil: break
        }
        out.write(10, stamp)
    }
}

/// What ingest adds to an event: when it came, and the item's data as known then, so that a
/// replay sees the same.
package struct Stamp: WireMessage {
    package var receivedMs: Int64 = 0
    package var category = ""
    package var brand = ""
    package var price: Double = 0

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &receivedMs)
            case 2: try reader.read(field, into: &category)
            case 3: try reader.read(field, into: &brand)
            case 4: try reader.read(field, into: &price)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, receivedMs)
        out.write(2, category)
        out.write(3, brand)
        out.write(4, price)
    }
}
