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
        var stamp = 0
        if receivedMs != 0 { stamp += 1 + varintBytes(UInt64(bitPattern: receivedMs)) }
        stamp += textBytes(category.count) + textBytes(brand.count)
        if price.bitPattern != 0 { stamp += 9 }
        var length = 1 + varintBytes(UInt64(stamp)) + stamp
        if content != .none { length += 1 + varintBytes(UInt64(range.count)) + range.count }
        appendVarint(UInt64(length))
        if content != .none { appendText(Int(content.rawValue), bytes.extracting(range)) }
        appendTag(10, .delimited)
        appendVarint(UInt64(stamp))
        write(1, receivedMs)
        if category.count > 0 { appendText(2, category) }
        if brand.count > 0 { appendText(3, brand) }
        write(4, price)
    }

    /// Appends a delimited record as the log holds it: the content as it came, and a stamp.
    package mutating func appendRecord(
        _ content: RecordFields.Content, _ bytes: Span<UInt8>, _ range: Range<Int>, stamp: Stamp
    ) {
        appendRecord(
            content, bytes, range, receivedMs: stamp.receivedMs,
            category: stamp.category.utf8.span, brand: stamp.brand.utf8.span, price: stamp.price)
    }

    private mutating func appendText(_ number: Int, _ bytes: Span<UInt8>) {
        appendTag(number, .delimited)
        appendVarint(UInt64(bytes.count))
        append(bytes)
    }
}

/// The bytes of a value as a varint.
private func varintBytes(_ value: UInt64) -> Int {
    max(1, (70 - value.leadingZeroBitCount) / 7)
}

/// The bytes of a text field with a number below 16; none when it is empty.
private func textBytes(_ count: Int) -> Int {
    count == 0 ? 0 : 1 + varintBytes(UInt64(count)) + count
}
