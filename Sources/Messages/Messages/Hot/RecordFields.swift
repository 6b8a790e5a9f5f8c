/// The fields of an encoded record without a copy: which content, where its bytes lie, the
/// event if it is one, and the stamp.
@usableFromInline
package struct RecordFields: Sendable, Equatable {
    /// Which of the alternatives a record holds; the raw value is its field number.
    package enum Content: UInt8, Sendable {
        case none = 0
        case event = 1
        case item = 2
        case user = 3
        case link = 4
    }

    package var content: Content = .none
    /// The encoded event, item, user or link.
    package var body = ByteSlice()
    /// Empty unless the content is an event. Others are not looked into.
    @usableFromInline package var event = EventFields()
    /// Whether the record has a stamp.
    package var isStamped = false
    /// Unix time in milliseconds when ingest took the record.
    package var receivedMs: Int64 = 0
    /// The item's category as ingest knew it.
    @usableFromInline package var stampCategory = ByteSlice()
    /// The item's brand as ingest knew it.
    package var stampBrand = ByteSlice()
    /// The item's price as ingest knew it.
    @usableFromInline package var stampPrice: Double = 0

    package init() {}

    /// The event's own category, else the item's.
    @inlinable @inline(__always)
    package var category: ByteSlice { event.category.isEmpty ? stampCategory : event.category }

    /// The event's own price, else the item's.
    @inlinable @inline(__always)
    package var price: Double { event.price > 0 ? event.price : stampPrice }

    /// Reads the record that fills a range; slices count from the start of `bytes`. A record with
    /// its content twice, which no encoder writes, is refused.
    package init(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(DecodeError) {
        try read(bytes, range)
    }

    /// The same into the fields of an empty one, where they lie.
    package mutating func read(
        _ bytes: Span<UInt8>, _ range: Range<Int>
    ) throws(DecodeError) {
        var reader = WireReader(bytes, range)
        while let field = try reader.next() {
            switch field.number {
            case 1, 2, 3, 4:
                guard field.type == .delimited else { throw .wrongWireType }
                guard content == .none else { throw .contentRepeated }
                content = Content(rawValue: UInt8(field.number)) ?? .none
                let inner = try reader.delimited()
                body = ByteSlice(inner)
                if content == .event { try event.read(bytes, inner) }
            case 10:
                guard field.type == .delimited else { throw .wrongWireType }
                try readStamp(bytes, try reader.delimited())
            default: try reader.skip(field)
            }
        }
    }

    private mutating func readStamp(
        _ bytes: Span<UInt8>, _ range: Range<Int>
    ) throws(DecodeError) {
        isStamped = true
        var reader = WireReader(bytes, range)
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &receivedMs)
            case 2: stampCategory = try reader.slice(field)
            case 3: stampBrand = try reader.slice(field)
            case 4: try reader.read(field, into: &stampPrice)
            default: try reader.skip(field)
            }
        }
    }
}
