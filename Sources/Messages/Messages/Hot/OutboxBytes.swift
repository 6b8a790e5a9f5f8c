/// An interaction as it is written into a block of an outbox: texts that an entry before it told
/// are numbers, see `Interaction` in `log.proto`.
package struct OutboxInteraction {
    package var user = ByteSlice()
    /// Above 0 instead of ``user``.
    package var userNumber: UInt64 = 0
    package var item = ByteSlice()
    package var category = ByteSlice()
    /// Above 0 instead of ``item`` and ``category``.
    package var itemNumber: UInt64 = 0
    package var type: EventType = .unknown
    package var timeMs: Int64 = 0
    /// Time of the interaction before it in the block; 0 for the first.
    package var previousMs: Int64 = 0
    package var value: Double = 0

    package init() {}
}

extension [UInt8] {
    /// Appends a delimited `OutboxEntry` that holds an interaction, with texts copied from where
    /// they lie in `source`.
    package mutating func appendInteraction(
        _ source: Span<UInt8>, _ interaction: OutboxInteraction
    ) {
        let isUserTold = interaction.userNumber > 0
        let isItemTold = interaction.itemNumber > 0
        let type = UInt64(bitPattern: Int64(interaction.type.rawValue))
        // An earlier time would take ten bytes as a difference.
        let isLater = interaction.timeMs >= interaction.previousMs || interaction.timeMs == 0
        let later = UInt64(bitPattern: interaction.timeMs &- interaction.previousMs)
        let time = isLater ? later : UInt64(bitPattern: interaction.timeMs)
        let value = interaction.value.bitPattern

        var length = 0
        if isUserTold {
            length += 1 + varintBytes(interaction.userNumber)
        } else {
            length += textBytes(interaction.user.range.count)
        }
        if isItemTold {
            length += 1 + varintBytes(interaction.itemNumber)
        } else {
            length += textBytes(interaction.item.range.count)
            length += textBytes(interaction.category.range.count)
        }
        if type != 0 { length += 1 + varintBytes(type) }
        if time != 0 { length += 1 + varintBytes(time) }
        if value != 0 { length += 9 }
        let entry = 1 + varintBytes(UInt64(length)) + length
        append(addingCapacity: varintBytes(UInt64(entry)) + entry) { out in
            out.append(varint: UInt64(entry))
            out.append(1 << 3 | 2)
            out.append(varint: UInt64(length))
            if !isUserTold && !interaction.user.isEmpty {
                out.append(1, text: source.extracting(interaction.user.range))
            }
            if !isItemTold && !interaction.item.isEmpty {
                out.append(2, text: source.extracting(interaction.item.range))
            }
            if type != 0 {
                out.append(3 << 3)
                out.append(varint: type)
            }
            if time != 0 && !isLater {
                out.append(4 << 3)
                out.append(varint: time)
            }
            if value != 0 {
                out.append(5 << 3 | 1)
                out.append(fixed64: value)
            }
            if !isItemTold && !interaction.category.isEmpty {
                out.append(6, text: source.extracting(interaction.category.range))
            }
            if isUserTold {
                out.append(7 << 3)
                out.append(varint: interaction.userNumber)
            }
            if isItemTold {
                out.append(8 << 3)
                out.append(varint: interaction.itemNumber)
            }
            if time != 0 && isLater {
                out.append(9 << 3)
                out.append(varint: time)
            }
        }
    }
}
