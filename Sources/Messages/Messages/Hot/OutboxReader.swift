/// Walks the entries of a block of an outbox, with the texts and times in place that entries before
/// told. A block must be read from its beginning.
package struct OutboxReader: ~Escapable {
    private var reader: WireReader
    /// Told so far; number 1 is the first.
    private var users: [String] = []
    private var items: [(id: String, category: String)] = []
    private var lastMs: Int64 = 0

    /// Reads the records of a block.
    @_lifetime(copy bytes)
    package init(_ bytes: Span<UInt8>) {
        reader = WireReader(bytes)
    }

    /// The next entry, or nil at the end; throws `numberUnknown` for one that names what no entry
    /// before it told.
    @_lifetime(self: copy self)
    package mutating func next() throws(DecodeError) -> OutboxEntry? {
        if reader.remaining == 0 { return nil }
        let range = try reader.delimited()
        var entry = try OutboxEntry(decoding: reader.bytes.extracting(range))
        if case .interaction(var interaction)? = entry.content {
            try complete(&interaction)
            entry.content = .interaction(interaction)
        }
        return entry
    }

    @_lifetime(self: copy self)
    private mutating func complete(_ interaction: inout Interaction) throws(DecodeError) {
        if interaction.userNumber > 0 {
            guard interaction.userNumber <= users.count else { throw .numberUnknown }
            interaction.userID = users[Int(interaction.userNumber) - 1]
        } else {
            users.append(interaction.userID)
        }
        if interaction.itemNumber > 0 {
            guard interaction.itemNumber <= items.count else { throw .numberUnknown }
            let item = items[Int(interaction.itemNumber) - 1]
            interaction.itemID = item.id
            interaction.category = item.category
        } else {
            items.append((interaction.itemID, interaction.category))
        }
        if interaction.timeMs == 0 {
            interaction.timeMs = lastMs &+ Int64(bitPattern: interaction.laterMs)
        }
        lastMs = interaction.timeMs
        interaction.userNumber = 0
        interaction.itemNumber = 0
        interaction.laterMs = 0
    }
}
