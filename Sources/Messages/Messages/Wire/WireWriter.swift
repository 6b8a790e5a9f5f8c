/// Fields appended to a message under way; values equal to the default are left out.
extension [UInt8] {
    /// A varint: seven bits per byte, least significant first.
    package mutating func appendVarint(_ value: UInt64) {
        if value < 0x80 {
            append(UInt8(truncatingIfNeeded: value))
        } else {
            append(addingCapacity: 10) { $0.append(varint: value) }
        }
    }

    /// The tag that precedes a field's value.
    package mutating func appendTag(_ number: Int, _ type: WireReader.WireType) {
        appendVarint(UInt64(number) << 3 | UInt64(type.rawValue))
    }

    /// Eight bytes, least significant first.
    package mutating func appendFixed64(_ value: UInt64) {
        append(addingCapacity: 8) { $0.append(fixed64: value) }
    }

    /// Four bytes, least significant first.
    package mutating func appendFixed32(_ value: UInt32) {
        for shift in 0..<UInt32(4) { append(UInt8(truncatingIfNeeded: value >> (8 * shift))) }
    }

    /// Varint length and bytes, as written by `body`.
    package mutating func appendDelimited(_ body: (inout [UInt8]) -> Void) {
        append(0)
        let start = count
        body(&self)
        let length = count - start
        if length < 0x80 {
            self[start - 1] = UInt8(length)
            return
        }
        var prefix: [UInt8] = []
        prefix.appendVarint(UInt64(length))
        replaceSubrange((start - 1)..<start, with: prefix)
    }

    private mutating func write(_ number: Int, varint value: UInt64) {
        if value == 0 { return }
        appendTag(number, .varint)
        appendVarint(value)
    }

    package mutating func write(_ number: Int, _ value: UInt32) {
        write(number, varint: UInt64(value))
    }

    package mutating func write(_ number: Int, _ value: UInt64) {
        write(number, varint: value)
    }

    package mutating func write(_ number: Int, _ value: Int32) {
        write(number, varint: UInt64(bitPattern: Int64(value)))
    }

    package mutating func write(_ number: Int, _ value: Int64) {
        write(number, varint: UInt64(bitPattern: value))
    }

    package mutating func write(_ number: Int, _ value: Bool) {
        write(number, varint: value ? 1 : 0)
    }

    package mutating func write(_ number: Int, _ value: some WireEnum) {
        write(number, value.rawValue)
    }

    package mutating func write(_ number: Int, fixed64 value: UInt64) {
        if value == 0 { return }
        appendTag(number, .fixed64)
        appendFixed64(value)
    }

    package mutating func write(_ number: Int, _ value: Double) {
        write(number, fixed64: value.bitPattern)
    }

    package mutating func write(_ number: Int, _ value: String) {
        if value.isEmpty { return }
        appendText(number, value)
    }

    private mutating func appendText(_ number: Int, _ value: String) {
        appendTag(number, .delimited)
        let text = value.utf8.span
        appendVarint(UInt64(text.count))
        append(text)
    }

    package mutating func write(_ number: Int, _ value: [UInt8]) {
        if value.isEmpty { return }
        appendTag(number, .delimited)
        appendVarint(UInt64(value.count))
        append(contentsOf: value)
    }

    package mutating func write(_ number: Int, _ value: some WireMessage) {
        appendTag(number, .delimited)
        appendDelimited { value.encode(into: &$0) }
    }

    package mutating func write<M: WireMessage>(_ number: Int, _ value: M?) {
        if let value { write(number, value) }
    }

    package mutating func write<M: WireMessage>(_ number: Int, _ values: [M]) {
        for value in values { write(number, value) }
    }

    package mutating func write(_ number: Int, _ values: [String]) {
        for value in values { appendText(number, value) }
    }

    package mutating func write(_ number: Int, _ values: [UInt32]) {
        if values.isEmpty { return }
        appendTag(number, .delimited)
        appendDelimited { out in
            for value in values { out.appendVarint(UInt64(value)) }
        }
    }

    package mutating func write(_ number: Int, _ values: [Float]) {
        if values.isEmpty { return }
        appendTag(number, .delimited)
        appendVarint(UInt64(values.count * 4))
        for value in values { appendFixed32(value.bitPattern) }
    }

    package mutating func write(_ number: Int, fixed64 values: [UInt64]) {
        if values.isEmpty { return }
        appendTag(number, .delimited)
        appendVarint(UInt64(values.count * 8))
        for value in values { appendFixed64(value) }
    }
}

extension OutputSpan<UInt8> {
    @inlinable @inline(__always)
    @_lifetime(self: copy self)
    package mutating func append(varint value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }

    @inlinable @inline(__always)
    @_lifetime(self: copy self)
    package mutating func append(fixed64 value: UInt64) {
        for shift in 0..<UInt64(8) { append(UInt8(truncatingIfNeeded: value >> (8 * shift))) }
    }
}
