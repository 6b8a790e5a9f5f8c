import Messages
import Runtime
import System
import TestSupport

/// Every event of the log, read as a consumer reads it, in the order of each partition.
struct LogDump {
    struct Entry {
        let partition: Int
        let offset: UInt64
        let id: String
        let user: String
    }

    private(set) var entries: [Entry] = []
    /// Records of users and events; what feature workers must have applied.
    private(set) var records = 0
    /// Where offsets leap or a block is not what it says.
    private(set) var faults: [String] = []

    init(_ cluster: ClusterHarness) throws {
        let client = try cluster.client(cluster.endpoints.ingest, as: .operator, role: .event)
        var next = [UInt64](repeating: 0, count: Endpoints.partitions)
        while true {
            var fetch = Fetch()
            fetch.stream = .events
            fetch.creditBytes = 1 << 20
            fetch.positions = next.enumerated().map { partition, offset in
                var position = Position()
                (position.partition, position.offset) = (UInt32(partition), offset)
                return position
            }
            let fetched = try client.ask(.fetch, fetch, as: Fetched.self, timeout: .seconds(10))
            for block in fetched.blocks { try take(block, &next) }
            if fetched.ends.allSatisfy({ $0.offset == next[Int($0.partition)] }) { return }
            if fetched.blocks.isEmpty { throw HarnessFailure("the log ends before its end") }
        }
    }

    private mutating func take(_ block: Block, _ next: inout [UInt64]) throws {
        let partition = Int(block.partition)
        var offset = block.firstOffset
        if offset > next[partition] {
            faults.append("partition \(partition): nothing from \(next[partition]) to \(offset)")
        }
        var reader = BlockReader(block.records.span)
        while let range = try reader.next() {
            defer { offset += 1 }
            // A block may begin before the offset asked for.
            guard offset >= next[partition] else { continue }
            records += 1
            let record = try Record(decoding: Array(block.records[range]))
            guard case .event(let event) = record.content else { continue }
            entries.append(
                Entry(
                    partition: partition, offset: offset, id: event.eventID, user: event.userID))
        }
        if offset != block.firstOffset + UInt64(block.count) {
            faults.append("partition \(partition): the block at \(block.firstOffset) is short")
        }
        next[partition] = max(next[partition], offset)
    }
}
