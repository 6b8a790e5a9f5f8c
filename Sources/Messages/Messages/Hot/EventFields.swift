/// The fields of an encoded event without a copy: numbers, and slices of the bytes parsed.
/// Accepts exactly what `Event(decoding:)` accepts, all texts validated.
@usableFromInline
package struct EventFields: Sendable, Equatable {
    package var eventID = ByteSlice()
    package var userID = ByteSlice()
    package var itemID = ByteSlice()
    @usableFromInline package var category = ByteSlice()
    package var brand = ByteSlice()
    package var sessionID = ByteSlice()
    package var text = ByteSlice()
    package var recommendationID = ByteSlice()
    package var channel = ByteSlice()
    package var device = ByteSlice()
    package var region = ByteSlice()
    package var currency = ByteSlice()
    package var type: EventType = .unknown
    package var quantity: UInt32 = 0
    /// Unix time in milliseconds.
    package var timeMs: Int64 = 0
    @usableFromInline package var price: Double = 0
    package var value: Double = 0
    package var discount: Double = 0
    /// How many free properties the event has; decode an `Event` to see them.
    package var properties: UInt32 = 0

    package init() {}

    /// Reads the event that fills a range; slices count from the start of `bytes`.
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
            case 1: eventID = try reader.slice(field)
            case 2: userID = try reader.slice(field)
            case 3: try reader.read(field, into: &type)
            case 4: try reader.read(field, into: &timeMs)
            case 5: itemID = try reader.slice(field)
            case 6: category = try reader.slice(field)
            case 7: brand = try reader.slice(field)
            case 8: try reader.read(field, into: &price)
            case 9: try reader.read(field, into: &quantity)
            case 10: try reader.read(field, into: &value)
            case 11: sessionID = try reader.slice(field)
            case 12: text = try reader.slice(field)
            case 13: recommendationID = try reader.slice(field)
            case 14: channel = try reader.slice(field)
            case 15: device = try reader.slice(field)
            case 16: region = try reader.slice(field)
            case 17: currency = try reader.slice(field)
            case 18: try reader.read(field, into: &discount)
            case 20:
                try reader.checkProperty(field)
                properties += 1
            default: try reader.skip(field)
            }
        }
    }
}

extension WireReader {
    /// A text as a slice of the bytes, checked to be UTF-8.
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func slice(_ field: Field) throws(DecodeError) -> ByteSlice {
        guard field.type == .delimited else { throw .wrongWireType }
        let range = try delimited()
        guard bytes.isText(range) else { throw .badUTF8 }
        return ByteSlice(range)
    }

    /// Passes over a property, checked to be well formed.
    @inline(never)
    @_lifetime(self: copy self)
    mutating func checkProperty(_ field: Field) throws(DecodeError) {
        guard field.type == .delimited else { throw .wrongWireType }
        var inner = WireReader(bytes, try delimited())
        while let part = try inner.next() {
            switch part.number {
            case 1, 2: _ = try inner.slice(part)
            default: try inner.skip(part)
            }
        }
    }
}
