import Messages
import Runtime
import System
import ZeroMQ

/// How far each partition's outbox has been read, whoever owned it meanwhile.
final class OutboxCursor {
    var next: [UInt32: UInt64] = [:]
}

/// The outboxes of one feature worker's partitions, pulled from their beginning: the trainer's
/// memory is its only store.
final class OutboxFeed {
    var reader: LogReader
    private(set) var partitions: [Int]
    private let cursor: OutboxCursor

    init(
        environment: RoleEnvironment, worker: Int, partitions: [Int], cursor: OutboxCursor
    ) throws {
        self.partitions = partitions
        self.cursor = cursor
        reader = try LogReader(
            .outbox, environment: environment, role: .workClient,
            endpoint: environment.endpoints.features(worker),
            positions: Self.positions(partitions, cursor), creditBytes: 2 << 20)
    }

    private static func positions(_ partitions: [Int], _ cursor: OutboxCursor) -> [Position] {
        partitions.map { partition in
            var position = Position()
            position.partition = UInt32(partition)
            position.offset = cursor.next[UInt32(partition)] ?? 0
            return position
        }
    }

    /// The worker owns these partitions now.
    func follow(_ partitions: [Int], at now: Duration) {
        guard partitions != self.partitions else { return }
        self.partitions = partitions
        // Not connected yet: the next tick asks.
        try? reader.follow(Self.positions(partitions, cursor), at: now)
    }

    /// Hands every new entry to `take`; returns how many there were.
    func receive(at now: Duration, _ take: (OutboxEntry) -> Void) throws -> Int {
        guard let fetched = try reader.receive(at: now) else { return 0 }
        var taken = 0
        for block in fetched.blocks {
            var offset = block.firstOffset
            guard offset <= UInt64(Int64.max) else { throw DecodeError.numberUnknown }
            let wanted = cursor.next[block.partition] ?? 0
            var reader = OutboxReader(block.records.span)
            // Also where an entry cannot be read: what was taken before it is not taken again.
            defer { cursor.next[block.partition] = max(wanted, offset) }
            for _ in 0..<block.count {
                guard let entry = try reader.next() else { throw DecodeError.truncated }
                if offset >= wanted {
                    take(entry)
                    taken += 1
                }
                offset += 1
            }
        }
        return taken
    }
}
