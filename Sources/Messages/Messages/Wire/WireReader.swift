/// A cursor over the bytes of one message.
package struct WireReader: ~Escapable {
    /// How values are laid out on the wire.
    package enum WireType: UInt8, Sendable {
        case varint = 0
        case fixed64 = 1
        case delimited = 2
        case startGroup = 3
        case endGroup = 4
        case fixed32 = 5
    }

    /// A field's number and the wire type it came with.
    package struct Field: Sendable, Equatable {
        package let number: UInt32
        package let type: WireType
    }

    /// Positions and ranges count from the start of this.
    package let bytes: Span<UInt8>
    package private(set) var position: Int
    private let end: Int

    /// Reads all of the bytes.
    @_lifetime(copy bytes)
    package init(_ bytes: Span<UInt8>) {
        self.bytes = bytes
        position = 0
        end = bytes.count
    }

    /// Reads a range of the bytes.
    @_lifetime(copy bytes)
    package init(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count)
        self.bytes = bytes
        position = range.lowerBound
        end = range.upperBound
    }

    /// Bytes not read yet.
    package var remaining: Int { end - position }

    /// The tag of the next field, or nil at the end of the message.
    @_lifetime(self: copy self)
    @inline(__always)
    package mutating func next() throws(DecodeError) -> Field? {
        if position == end { return nil }
        let tag = try varint()
        let number = tag >> 3
        guard number > 0, number < 1 << 29, let type = WireType(rawValue: UInt8(tag & 7)) else {
            throw .badTag
        }
        return Field(number: UInt32(number), type: type)
    }

    /// A varint of up to ten bytes; what the tenth has above bit 63 is dropped, as others do.
    @_lifetime(self: copy self)
    @inline(__always)
    package mutating func varint() throws(DecodeError) -> UInt64 {
        // Tags, lengths and most numbers have one byte.
        if position < end, bytes[position] < 0x80 {
            position += 1
            return UInt64(bytes[position - 1])
        }
        return try longVarint()
    }

    @inline(never)
    @_lifetime(self: copy self)
    private mutating func longVarint() throws(DecodeError) -> UInt64 {
        // Up to eight bytes at once, such as a time: keep seven bits of each, then close the gaps
        // pairwise. The load may reach beyond the end, as it does for a time at the end of a stamp;
        // the number may not.
        if bytes.count - position >= 8 {
            let word = bytes.load64(position)
            let ends = ~word & 0x8080_8080_8080_8080
            let last = ends.trailingZeroBitCount
            if ends != 0, (last + 1) / 8 <= end - position {
                position += (last + 1) / 8
                var value = word & (UInt64.max >> UInt64(63 - last)) & 0x7f7f_7f7f_7f7f_7f7f
                value = (value & 0x7f00_7f00_7f00_7f00) >> 1 | (value & 0x007f_007f_007f_007f)
                value = (value & 0x3fff_0000_3fff_0000) >> 2 | (value & 0x0000_3fff_0000_3fff)
                return (value & 0x0fff_ffff_0000_0000) >> 4 | (value & 0x0fff_ffff)
            }
        }
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while position < end {
            let byte = bytes[position]
            position += 1
            if shift > 63 { throw .varintTooLong }
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        throw .truncated
    }

    /// A varint length and that many bytes, as their range in `bytes`.
    @_lifetime(self: copy self)
    @inline(__always)
    package mutating func delimited() throws(DecodeError) -> Range<Int> {
        let length = try varint()
        guard length <= UInt64(remaining) else { throw .lengthTooLong }
        let start = position
        position += Int(length)
        return start..<position
    }

    /// Eight bytes, least significant first.
    @_lifetime(self: copy self)
    @inline(__always)
    package mutating func fixed64() throws(DecodeError) -> UInt64 {
        guard remaining >= 8 else { throw .truncated }
        position += 8
        return bytes.load64(position - 8)
    }

    /// Four bytes, least significant first.
    @_lifetime(self: copy self)
    package mutating func fixed32() throws(DecodeError) -> UInt32 {
        guard remaining >= 4 else { throw .truncated }
        var value: UInt32 = 0
        for index in 0..<4 { value |= UInt32(bytes[position + index]) << UInt32(8 * index) }
        position += 4
        return value
    }

    /// Passes over the value of an unknown field.
    @_lifetime(self: copy self)
    package mutating func skip(_ field: Field) throws(DecodeError) {
        try skip(field, depth: 0)
    }

    @_lifetime(self: copy self)
    private mutating func skip(_ field: Field, depth: Int) throws(DecodeError) {
        switch field.type {
        case .varint: _ = try varint()
        case .fixed64: _ = try fixed64()
        case .delimited: _ = try delimited()
        case .fixed32: _ = try fixed32()
        case .endGroup: throw .badTag
        case .startGroup: try skipGroup(field.number, depth: depth + 1)
        }
    }

    @_lifetime(self: copy self)
    private mutating func skipGroup(_ number: UInt32, depth: Int) throws(DecodeError) {
        if depth > Self.deepestGroup { throw .tooDeep }
        while let inner = try next() {
            if inner.type == .endGroup {
                if inner.number != number { throw .badTag }
                return
            }
            try skip(inner, depth: depth)
        }
        throw .truncated
    }

    private static let deepestGroup = 64
}
