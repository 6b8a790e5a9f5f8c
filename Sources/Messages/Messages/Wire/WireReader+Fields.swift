/// Typed values: each checks the wire type, and puts the value where the message wants it.
extension WireReader {
    @_lifetime(self: copy self)
    private mutating func number(_ field: Field) throws(DecodeError) -> UInt64 {
        guard field.type == .varint else { throw .wrongWireType }
        return try varint()
    }

    @_lifetime(self: copy self)
    private mutating func range(_ field: Field) throws(DecodeError) -> Range<Int> {
        guard field.type == .delimited else { throw .wrongWireType }
        return try delimited()
    }

    @_lifetime(self: copy self)
    package mutating func read(_ field: Field, into value: inout UInt32) throws(DecodeError) {
        value = UInt32(truncatingIfNeeded: try number(field))
    }

    @_lifetime(self: copy self)
    package mutating func read(_ field: Field, into value: inout UInt64) throws(DecodeError) {
        value = try number(field)
    }

    @_lifetime(self: copy self)
    package mutating func read(_ field: Field, into value: inout Int32) throws(DecodeError) {
        value = Int32(truncatingIfNeeded: try number(field))
    }

    @_lifetime(self: copy self)
    package mutating func read(_ field: Field, into value: inout Int64) throws(DecodeError) {
        value = Int64(bitPattern: try number(field))
    }

    @_lifetime(self: copy self)
    package mutating func read(_ field: Field, into value: inout Bool) throws(DecodeError) {
        value = try number(field) != 0
    }

    @_lifetime(self: copy self)
    package mutating func read<E: WireEnum>(
        _ field: Field, into value: inout E
    ) throws(DecodeError) {
        value = E(rawValue: Int32(truncatingIfNeeded: try number(field)))
    }

    @_lifetime(self: copy self)
    package mutating func readFixed64(
        _ field: Field, into value: inout UInt64
    ) throws(DecodeError) {
        guard field.type == .fixed64 else { throw .wrongWireType }
        value = try fixed64()
    }

    @_lifetime(self: copy self)
    package mutating func read(_ field: Field, into value: inout Double) throws(DecodeError) {
        guard field.type == .fixed64 else { throw .wrongWireType }
        value = Double(bitPattern: try fixed64())
    }

    @_lifetime(self: copy self)
    package mutating func read(_ field: Field, into value: inout String) throws(DecodeError) {
        value = try string(field)
    }

    @_lifetime(self: copy self)
    package mutating func read(_ field: Field, into values: inout [String]) throws(DecodeError) {
        values.append(try string(field))
    }

    @_lifetime(self: copy self)
    private mutating func string(_ field: Field) throws(DecodeError) -> String {
        try bytes.text(try range(field))
    }

    @_lifetime(self: copy self)
    package mutating func read(_ field: Field, into value: inout [UInt8]) throws(DecodeError) {
        value = bytes.array(try range(field))
    }

    @_lifetime(self: copy self)
    package mutating func read<M: WireMessage>(
        _ field: Field, into value: inout M
    ) throws(DecodeError) {
        var inner = WireReader(bytes, try range(field))
        try value.merge(from: &inner)
    }

    @_lifetime(self: copy self)
    package mutating func read<M: WireMessage>(
        _ field: Field, into value: inout M?
    ) throws(DecodeError) {
        var merged = value ?? M()
        try read(field, into: &merged)
        value = merged
    }

    @_lifetime(self: copy self)
    package mutating func read<M: WireMessage>(
        _ field: Field, into values: inout [M]
    ) throws(DecodeError) {
        var value = M()
        try read(field, into: &value)
        values.append(value)
    }
}

/// Lists of numbers, packed into one field or one field each.
extension WireReader {
    @_lifetime(self: copy self)
    package mutating func read(_ field: Field, into values: inout [UInt32]) throws(DecodeError) {
        guard field.type == .delimited else {
            values.append(UInt32(truncatingIfNeeded: try number(field)))
            return
        }
        var inner = WireReader(bytes, try delimited())
        while inner.remaining > 0 {
            values.append(UInt32(truncatingIfNeeded: try inner.varint()))
        }
    }

    @_lifetime(self: copy self)
    package mutating func read(_ field: Field, into values: inout [Float]) throws(DecodeError) {
        if field.type == .fixed32 {
            values.append(Float(bitPattern: try fixed32()))
            return
        }
        var inner = WireReader(bytes, try range(field))
        guard inner.remaining % 4 == 0 else { throw .badPacking }
        values.reserveCapacity(values.count + inner.remaining / 4)
        while inner.remaining > 0 { values.append(Float(bitPattern: try inner.fixed32())) }
    }

    @_lifetime(self: copy self)
    package mutating func readFixed64(
        _ field: Field, into values: inout [UInt64]
    ) throws(DecodeError) {
        if field.type == .fixed64 {
            values.append(try fixed64())
            return
        }
        var inner = WireReader(bytes, try range(field))
        guard inner.remaining % 8 == 0 else { throw .badPacking }
        values.reserveCapacity(values.count + inner.remaining / 8)
        while inner.remaining > 0 { values.append(try inner.fixed64()) }
    }
}

extension Span<UInt8> {
    /// The text of a range; throws when it is not valid UTF-8.
    package func text(_ range: Range<Int>) throws(DecodeError) -> String {
        if range.isEmpty { return "" }
        guard let text = try? UTF8Span(validating: extracting(range)) else { throw .badUTF8 }
        return String(copying: text)
    }

    /// A copy of the bytes of a range.
    package func array(_ range: Range<Int>) -> [UInt8] {
        let part = extracting(range)
        var copy: [UInt8] = []
        copy.append(part)
        return copy
    }
}
