import Messages
package import Storage

/// Walks over the records of one partition of the log.
package struct LogScan {
    private let log: SQLiteEventLog
    private let partition: Int

    package init(_ log: SQLiteEventLog, partition: Int) {
        self.log = log
        self.partition = partition
    }

    /// Lends each record from `start` on; no more is read once `end` is reached, nil = to the end
    /// of the log.
    ///
    /// - Returns: the offset after the last.
    @discardableResult
    package func forEachRecord(
        from start: UInt64, to end: UInt64? = nil,
        _ body: (_ offset: UInt64, _ record: Span<UInt8>) throws -> Void
    ) throws -> UInt64 {
        var next = start
        while next < end ?? .max {
            let blocks = try log.read(partition: partition, from: next, maxBytes: 4 << 20)
            guard let last = blocks.last, last.endOffset > next else { return next }
            for block in blocks {
                let bytes = block.records.span
                var reader = BlockReader(bytes)
                var offset = block.firstOffset
                while let range = try reader.next() {
                    defer { offset += 1 }
                    if offset >= next { try body(offset, bytes.extracting(range)) }
                }
            }
            next = last.endOffset
        }
        return next
    }
}
