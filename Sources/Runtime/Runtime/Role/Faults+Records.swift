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
}
