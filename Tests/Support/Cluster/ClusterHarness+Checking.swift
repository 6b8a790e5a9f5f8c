package import Messages
package import Runtime
import System

/// What is in the log, read as a consumer reads it.
package struct LogFacts {
    package var records = 0
    /// Ids of events that are there more than once.
    package var repeated: [Int] = []
    package var distinct = 0
    package var gaps: [String] = []
}

extension ClusterHarness {
    /// Reads the whole log over the wire.
    package func readLog(eventsMax: Int) throws -> LogFacts {
        let client = try client(endpoints.ingest, as: .operator, role: .event)
        var facts = LogFacts()
        var seen = [Bool](repeating: false, count: eventsMax)
        var next = [UInt64](repeating: 0, count: Endpoints.partitions)
        while true {
            var fetch = Fetch()
            fetch.stream = .events
            fetch.creditBytes = 1 << 20
            fetch.positions = next.enumerated().map { partition, offset in
                var position = Position()
                position.partition = UInt32(partition)
                position.offset = offset
                return position
            }
            let fetched = try client.ask(.fetch, fetch, as: Fetched.self)
            for block in fetched.blocks {
                try take(block, &facts, &seen, &next)
            }
            let isDone = fetched.ends.allSatisfy { $0.offset == next[Int($0.partition)] }
            if isDone { return facts }
            if fetched.blocks.isEmpty { throw HarnessFailure("the log ends before its end") }
        }
    }

    private func take(
        _ block: Block, _ facts: inout LogFacts, _ seen: inout [Bool], _ next: inout [UInt64]
    ) throws {
        let partition = Int(block.partition)
        var offset = block.firstOffset
        if offset > next[partition] {
            facts.gaps.append("partition \(partition): \(next[partition]) to \(offset)")
        }
        let bytes = block.records.span
        var reader = BlockReader(bytes)
        while let range = try reader.next() {
            defer { offset += 1 }
            // A block may begin before the offset asked for.
            guard offset >= next[partition] else { continue }
            let fields = try RecordFields(bytes, range)
            facts.records += 1
            guard fields.content == .event else { continue }
            let number = fields.event.eventID.range.reduce(0) { $0 * 10 + Int(bytes[$1]) - 48 }
            if seen[number] { facts.repeated.append(number) } else { facts.distinct += 1 }
            seen[number] = true
        }
        if offset != block.firstOffset + UInt64(block.count) {
            facts.gaps.append("partition \(partition): a block is shorter than it says")
        }
        next[partition] = max(next[partition], offset)
    }

    /// Waits until the feature workers have applied as many records as the log holds.
    package func waitApplied(
        _ records: Int, within limit: Duration = .seconds(30)
    ) throws {
        try wait(for: "\(records) records applied", within: limit, every: .milliseconds(100)) {
            let counters = status()?.roles.filter { $0.role == "features" }.flatMap(\.counters)
            let applied = (counters ?? []).filter { $0.name == "applied_total" }
                .reduce(0.0) { $0 + $1.value }
            return applied >= Double(records) ? () : nil
        }
    }

    package func profile(_ userID: String, by client: RequestClient) throws -> Profile {
        var request = ProfileRequest()
        request.userID = userID
        return try client.ask(.profileRequest, request, as: Profile.self)
    }

    /// How the profiles of `count` random users differ from the oracle; empty when none does.
    package func differences(from oracle: Oracle, users: [String]) throws -> [String] {
        let client = try client(endpoints.scoring(0), as: .client)
        return try users.flatMap { oracle.differences(try profile($0, by: client)) }
    }
}
