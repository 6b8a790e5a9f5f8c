import Messages
import Storage

/// Reads all that a partition keeps for the trainer.
struct OutboxCheck {
    private let store: SQLitePartitionStore

    init(_ store: SQLitePartitionStore) { self.store = store }

    /// What is wrong: a block that is not as it was written or cannot be read, a gap between two,
    /// or another end than expected; nil when nothing is.
    func problem(against end: UInt64? = nil) -> String? {
        do {
            let stored = try store.outboxEnd()
            if let end, stored != end {
                return "\(stored) entries for the trainer, should be \(end)"
            }
            var next: UInt64 = 0
            var isFirst = true
            while true {
                let blocks = try store.readOutbox(from: next, maxBytes: 4 << 20)
                guard !blocks.isEmpty else { break }
                for block in blocks {
                    // The oldest may be gone; from the first that is left on there is no gap.
                    guard isFirst || block.firstOffset == next else {
                        return "the outbox lacks entries from \(next) to \(block.firstOffset)"
                    }
                    isFirst = false
                    if let problem = try problem(of: block) { return problem }
                    next = block.endOffset
                }
            }
            guard next == stored else {
                return "the outbox ends at \(next), should at \(stored)"
            }
            return nil
        } catch {
            return ArchiveFailure(error).description
        }
    }

    private func problem(of block: StoredBlock) throws -> String? {
        var reader = OutboxReader(block.records.span)
        var count = 0
        while try reader.next() != nil { count += 1 }
        guard count != block.count else { return nil }
        return "the outbox block at \(block.firstOffset) has \(count) entries, not \(block.count)"
    }
}
