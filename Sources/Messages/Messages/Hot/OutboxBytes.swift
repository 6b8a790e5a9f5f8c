extension [UInt8] {
    /// Appends a delimited `OutboxEntry` that holds an interaction, with texts copied from where
    /// they lie in `source`.
    package mutating func appendInteraction(
        _ source: Span<UInt8>, user: ByteSlice, item: ByteSlice, type: EventType, timeMs: Int64,
        value: Double, category: ByteSlice
    ) {
        let number = UInt64(bitPattern: Int64(type.rawValue))
        let time = UInt64(bitPattern: timeMs)
        var length = textBytes(user.range.count) + textBytes(item.range.count)
        length += textBytes(category.range.count)
        if number != 0 { length += 1 + varintBytes(number) }
        if time != 0 { length += 1 + varintBytes(time) }
        if value.bitPattern != 0 { length += 9 }
        let entry = 1 + varintBytes(UInt64(length)) + length
        append(addingCapacity: varintBytes(UInt64(entry)) + entry) { out in
            out.append(varint: UInt64(entry))
            out.append(1 << 3 | 2)
            out.append(varint: UInt64(length))
            if !user.isEmpty { out.append(1, text: source.extracting(user.range)) }
            if !item.isEmpty { out.append(2, text: source.extracting(item.range)) }
            if number != 0 {
                out.append(3 << 3)
                out.append(varint: number)
            }
            if time != 0 {
                out.append(4 << 3)
                out.append(varint: time)
            }
            if value.bitPattern != 0 {
                out.append(5 << 3 | 1)
                out.append(fixed64: value.bitPattern)
            }
            if !category.isEmpty { out.append(6, text: source.extracting(category.range)) }
        }
    }
}
