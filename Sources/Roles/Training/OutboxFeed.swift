import Messages
import Runtime
import System
import ZeroMQ

/// One feature worker's outbox, pulled from its beginning: the trainer's memory is its only store.
final class OutboxFeed {
    var reader: LogReader
    private var next: [UInt32: UInt64] = [:]

    init(environment: RoleEnvironment, worker: Int) throws {
        let positions = environment.endpoints.partitions(ofWorker: worker).map { partition in
            var position = Position()
            position.partition = UInt32(partition)
            return position
        }
        reader = try LogReader(
            .outbox, environment: environment, role: .workClient,
            endpoint: environment.endpoints.features(worker), positions: positions,
            creditBytes: 2 << 20)
    }

    /// Hands every new entry to `take`; returns how many there were.
    func receive(at now: Duration, _ take: (OutboxEntry) -> Void) throws -> Int {
        guard let fetched = try reader.receive(at: now) else { return 0 }
        var taken = 0
        for block in fetched.blocks {
            var offset = block.firstOffset
            let wanted = next[block.partition] ?? 0
            let bytes = block.records.span
            var blockReader = WireReader(bytes)
            for _ in 0..<block.count {
                let range = try blockReader.delimited()
                if offset >= wanted {
                    take(try OutboxEntry(decoding: bytes.extracting(range)))
                    taken += 1
                }
                offset += 1
            }
            next[block.partition] = max(wanted, offset)
        }
        return taken
    }
}
