/// Walks the delimited records of a block.
package struct BlockReader: ~Escapable {
    private var reader: WireReader

    /// Reads from a span of delimited records, such as `Block.records`.
    @_lifetime(copy bytes)
    package init(_ bytes: Span<UInt8>) {
        reader = WireReader(bytes)
    }

    /// Where the next record lies in the span, or nil at the end.
    @_lifetime(self: copy self)
    package mutating func next() throws(DecodeError) -> Range<Int>? {
        if reader.remaining == 0 { return nil }
        return try reader.delimited()
    }
}

extension [UInt8] {
    /// Appends a delimited record as the log holds it: the content as it came, and a stamp.
    package mutating func appendRecord(
        _ content: RecordFields.Content, _ bytes: Span<UInt8>, _ range: Range<Int>,
        receivedMs: Int64, category: Span<UInt8>, brand: Span<UInt8>, price: Double
    ) {
        let received = UInt64(bitPattern: receivedMs)
        var stamp = textBytes(category.count) + textBytes(brand.count)
        if received != 0 { stamp += 1 + varintBytes(received) }
        if price.bitPattern != 0 { stamp += 9 }
        var length = 1 + varintBytes(UInt64(stamp)) + stamp
        if content != .none { length += 1 + varintBytes(UInt64(range.count)) + range.count }
        // One growth for the whole record: most of the time goes into checks per append.
        append(addingCapacity: varintBytes(UInt64(length)) + length) { out in
            out.append(varint: UInt64(length))
            if content != .none {
                out.append(content.rawValue, text: bytes.extracting(range))
            }
            out.append(10 << 3 | 2)
            out.append(varint: UInt64(stamp))
            if received != 0 {
                out.append(1 << 3)
                out.append(varint: received)
            }
            if category.count > 0 { out.append(2, text: category) }
            if brand.count > 0 { out.append(3, text: brand) }
            if price.bitPattern != 0 {
                out.append(4 << 3 | 1)
                out.append(fixed64: price.bitPattern)
            }
        }
    }

    /// Appends a delimited record as the log holds it: the content as it came, and a stamp.
    package mutating func appendRecord(
        _ content: RecordFields.Content, _ bytes: Span<UInt8>, _ range: Range<Int>, stamp: Stamp
    ) {
        appendRecord(
            content, bytes, range, receivedMs: stamp.receivedMs,
            category: stamp.category.utf8.span, brand: stamp.brand.utf8.span, price: stamp.price)
    }
}

extension OutputSpan<UInt8> {
    /// A text or message field with a number below 16.
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func append(_ number: UInt8, text: Span<UInt8>) {
        append(number << 3 | 2)
        append(varint: UInt64(text.count))
        append(copying: text)
    }
}

/// The bytes of a value as a varint.
@inline(__always)
func varintBytes(_ value: UInt64) -> Int {
    max(1, (70 - value.leadingZeroBitCount) / 7)
}

/// The bytes of a text field with a number below 16; none when it is empty.
@inline(__always)
func textBytes(_ count: Int) -> Int {
    count == 0 ? 0 : 1 + varintBytes(UInt64(count)) + count
}
