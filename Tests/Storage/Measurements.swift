import Foundation
import Messages
import Randomness
import Storage
import TestSupport
import Testing

/// Prints figures instead of judging them; run in release with LIMN_MEASURE=1.
@Suite(
    "Measured rates of the stores", .serialized,
    .enabled(if: ProcessInfo.processInfo.environment["LIMN_MEASURE"] != nil))
struct Measurements {
    @Test("durable appends of 4,000 events of 100 bytes, then reads of every partition")
    func appends() throws {
        let folder = try TemporaryFolder()
        let log = try SQLiteEventLog(folder: folder.path)
        let records = [UInt8](repeating: 7, count: 62 * 100)
        let groups = (0..<65).map { PendingBlock(partition: $0, count: 62, records: records) }
        var latencies: [Duration] = []
        let rounds = 1_500
        let clock = ContinuousClock()
        let total = try clock.measure {
            for round in 0..<rounds {
                let batches = (0..<40).map {
                    ProducerBatch(
                        producer: "p\($0 % 4)", epoch: 1, sequence: UInt64(round * 10 + $0 / 4),
                        reply: .init(repeating: 1, count: 20))
                }
                latencies.append(
                    try clock.measure {
                        _ = try log.append(
                            groups: groups, batches: batches, rejects: [], receivedMs: 0)
                    })
            }
        }
        latencies.sort()
        let events = rounds * 65 * 62
        print("append: \(rate(events, total)) events/s,", "p50 \(latencies[rounds / 2]),")
        print("        p99 \(latencies[rounds * 99 / 100]), max \(latencies[rounds - 1])")
        let read = try clock.measure {
            var bytes = 0
            for partition in 0..<65 {
                var offset: UInt64 = 0
                while true {
                    let found = try log.read(
                        partition: partition, from: offset, maxBytes: 256 << 10)
                    guard let last = found.last else { break }
                    offset = last.endOffset
                    bytes += found.reduce(0) { $0 + $1.records.count }
                }
            }
            #expect(bytes == events * 100)
        }
        print("read: \(rate(events, read)) events/s, one partition after the other")
    }

    /// `LIMN_MEASURE_GROUPS` says how many, 100,000 otherwise.
    @Test("a log of many groups of one event: what opening, reading and appending cost")
    func manyGroups() throws {
        let count =
            ProcessInfo.processInfo.environment["LIMN_MEASURE_GROUPS"].flatMap { Int($0) }
            ?? 100_000
        let folder = try TemporaryFolder()
        let clock = ContinuousClock()
        let filled = try clock.measure {
            try ManyGroups(groups: count).fill(try SQLiteEventLog(folder: folder.path))
        }
        var opened: SQLiteEventLog?
        let opening = try clock.measure { opened = try SQLiteEventLog(folder: folder.path) }
        let log = try #require(opened)
        var snapshot = CatalogueSnapshot()
        let catalogue = try clock.measure { _ = try snapshot.readOn(log, partition: 64) }
        let lookups = log.lookups
        let ends = try log.ends()
        var random = SplitMix64(seed: 1)
        var reads: [Duration] = []
        for _ in 0..<1_000 {
            let partition = Int.random(in: 0..<64, using: &random)
            let offset = UInt64.random(in: 0..<max(ends[partition], 1), using: &random)
            reads.append(
                try clock.measure {
                    _ = try log.read(partition: partition, from: offset, maxBytes: 256 << 10)
                })
        }
        let block = PendingBlock(partition: 1, count: 1, records: [0])
        var appends: [Duration] = []
        for _ in 0..<500 {
            appends.append(
                try clock.measure {
                    _ = try log.append(groups: [block], batches: [], rejects: [], receivedMs: 0)
                })
        }
        reads.sort()
        appends.sort()
        print("\(count) groups: made in \(filled), opened in \(opening)")
        print("  catalogue of \(snapshot.count) items: \(catalogue), \(lookups) look-ups")
        print("  read anywhere, 256 KiB: p50 \(reads[500]), max \(reads[999])")
        print("  append of one event: p50 \(appends[250]), p99 \(appends[495])")
    }

    @Test("user rows of 400 bytes in transactions of 2,000", arguments: [10_000, 50_000])
    func users(known: Int) throws {
        let folder = try TemporaryFolder()
        let store = try SQLitePartitionStore(folder: folder.path, partition: 0)
        try store.claim(epoch: 1)
        var random = SplitMix64(seed: 1)
        let keys = (0..<known).map { _ in random.next() }
        let state = [UInt8](repeating: 7, count: 400)
        let clock = ContinuousClock()
        var offset: UInt64 = 0
        func commit(_ keys: [UInt64]) throws {
            offset += 1
            _ = try store.commit(
                PartitionCommit(
                    epoch: 1, appliedOffset: offset,
                    users: StateRows(keys.map { ($0, state) })))
        }
        let fill = try clock.measure {
            for start in stride(from: 0, to: known, by: 2_000) {
                try commit(Array(keys[start..<start + 2_000]))
            }
        }
        let rounds = 200
        // A fold may write its users in the order of their keys, so both orders are of interest.
        for sorted in [false, true] {
            let update = try clock.measure {
                for _ in 0..<rounds {
                    let some = (0..<2_000).map { _ in keys[Int(random.next() % UInt64(known))] }
                    try commit(
                        sorted
                            ? some.sorted { Int64(bitPattern: $0) < Int64(bitPattern: $1) } : some)
                }
            }
            print(
                "update of \(known) users, sorted \(sorted): \(rate(rounds * 2_000, update)) rows/s"
            )
        }
        print("first insert of \(known) users: \(rate(known, fill)) rows/s")
        let load = try clock.measure { for key in keys { _ = try store.loadUser(key) } }
        print("load: \(rate(known, load)) rows/s")
    }

    private func rate(_ count: Int, _ duration: Duration) -> Int {
        Int(Double(count) / (duration / .seconds(1)))
    }
}
