package import Messages

extension Fault {
    /// A block as it is; with `dropEvent=n` every n-th record of a partition cannot be read.
    package static func spoiled(_ block: Block) -> Block {
        let every = UInt64(dropEvent.number)
        guard every > 0 else { return block }
        var spoiled = block
        var offset = block.firstOffset
        var reader = BlockReader(block.records.span)
        while let range = (try? reader.next()) ?? nil {
            // Field 0 does not exist, so the record is malformed.
            if offset % every == every - 1 { spoiled.records[range.lowerBound] = 0 }
            offset += 1
        }
        return spoiled
    }

    /// The offset of the event whose id the fault names, if the block has it.
    package static func poisonedOffset(_ block: Block) -> UInt64? {
        var offset = block.firstOffset
        let bytes = block.records.span
        var reader = BlockReader(bytes)
        while let range = (try? reader.next()) ?? nil {
            if names(poison, bytes, range) { return offset }
            offset += 1
        }
        return nil
    }

    /// Whether a record is the event whose id stands behind the fault.
    package static func names(
        _ fault: Fault, _ bytes: Span<UInt8>, _ range: Range<Int>
    ) -> Bool {
        guard let id = fault.value, let record = try? RecordFields(bytes, range) else {
            return false
        }
        return record.content == .event && bytes.text(record.event.eventID) == id
    }
}
