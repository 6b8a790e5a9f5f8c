import Foundation
import Randomness
import SQLite
import Storage
import Testing

@Suite("The event log answers what was appended, whatever happened in between")
struct EventLogTests {
    @Test(
        "random appends, failed appends, reopenings and reads agree with a model",
        arguments: [
            1, 2, 3, 4, 5, 6,
        ] as [UInt64])
    func model(seed: UInt64) throws {
        let folder = try TemporaryFolder()
        var generator = AppendGenerator(seed: seed)
        var choice = SplitMix64(seed: seed &+ 1_000)
        var model = LogModel()
        var log = try SQLiteEventLog(folder: folder.path)
        for step in 0..<250 {
            switch Int.random(in: 0..<20, using: &choice) {
            case 0:
                log = try SQLiteEventLog(folder: folder.path)
            case 1:
                try log.limitGrowth(pages: 3)
                let block = PendingBlock(
                    partition: 3, count: 1, records: .init(repeating: 1, count: 1 << 20))
                let batch = ProducerBatch(producer: "full", epoch: 1, sequence: 1, reply: [])
                let error = #expect(throws: StorageError.self) {
                    _ = try log.append(
                        groups: [block], batches: [batch], rejects: [], receivedMs: 0)
                }
                if case .diskFull = error {} else { Issue.record("\(String(describing: error))") }
                try log.limitGrowth(pages: 1 << 20)
                #expect(try log.producerState("full") == nil, "seed \(seed) step \(step)")
            case 2...6:
                let partition = Int.random(in: 0..<StorageLimits.logPartitions, using: &choice)
                let from = UInt64.random(in: 0...model.end(partition) + 1, using: &choice)
                let limit = Int.random(in: 0...30_000, using: &choice)
                let found = try log.read(partition: partition, from: from, maxBytes: limit)
                #expect(
                    found == model.read(partition, from: from, maxBytes: limit),
                    "seed \(seed) step \(step)")
            default:
                let (groups, batches, rejects) = generator.next()
                let firsts = try log.append(
                    groups: groups, batches: batches, rejects: rejects, receivedMs: Int64(step))
                let expected = model.append(groups, batches, rejects, receivedMs: Int64(step))
                #expect(firsts == expected, "seed \(seed) step \(step)")
            }
        }
        #expect(try model.difference(from: log) == nil, "seed \(seed)")
        let reader = try SQLiteEventLog(folder: folder.path, readOnly: true)
        #expect(try model.difference(from: reader) == nil, "seed \(seed), reader")
    }

    @Test("a reader going on in small steps sees every block once, in order")
    func readOn() throws {
        let folder = try TemporaryFolder()
        let log = try SQLiteEventLog(folder: folder.path)
        var generator = AppendGenerator(seed: 9)
        var model = LogModel()
        for step in 0..<100 {
            let (groups, _, _) = generator.next()
            _ = try log.append(groups: groups, batches: [], rejects: [], receivedMs: Int64(step))
            _ = model.append(groups, [], [], receivedMs: Int64(step))
        }
        for partition in 0..<StorageLimits.logPartitions {
            var seen: [StoredBlock] = []
            while true {
                let more = try log.read(
                    partition: partition, from: seen.last?.endOffset ?? 0, maxBytes: 500)
                if more.isEmpty { break }
                seen += more
            }
            #expect(seen == model.blocks[partition])
        }
    }

    @Test("replies beyond the window of 64 batches and of an old epoch are forgotten")
    func replyWindow() throws {
        let folder = try TemporaryFolder()
        let log = try SQLiteEventLog(folder: folder.path)
        for sequence in 1...65 as ClosedRange<UInt64> {
            let batch = ProducerBatch(
                producer: "p", epoch: 1, sequence: sequence, reply: [UInt8(sequence)])
            _ = try log.append(groups: [], batches: [batch], rejects: [], receivedMs: 0)
        }
        #expect(try log.storedReply(producer: "p", epoch: 1, sequence: 1) == nil)
        #expect(try log.storedReply(producer: "p", epoch: 1, sequence: 2) == [2])
        let renewed = ProducerBatch(producer: "p", epoch: 2, sequence: 1, reply: [9])
        _ = try log.append(groups: [], batches: [renewed], rejects: [], receivedMs: 0)
        let state = ProducerState(epoch: 2, lastSequence: 1)
        #expect(try log.producerState("p") == state)
        #expect(try log.storedReply(producer: "p", epoch: 1, sequence: 65) == nil)
        #expect(try log.storedReply(producer: "p", epoch: 2, sequence: 1) == [9])
        #expect(try log.storedReply(producer: "q", epoch: 2, sequence: 1) == nil)
        let reopened = try SQLiteEventLog(folder: folder.path)
        #expect(try reopened.producerState("p") == state)
    }

    @Test("rejects are listed in pages, oldest first")
    func rejects() throws {
        let folder = try TemporaryFolder()
        let log = try SQLiteEventLog(folder: folder.path)
        let all = (0..<10).map {
            RejectRecord(
                producer: "p", epoch: 1, sequence: 2, index: $0, code: 300 + $0 % 2,
                message: "no", record: [UInt8($0)], receivedMs: 7)
        }
        _ = try log.append(groups: [], batches: [], rejects: all, receivedMs: 0)
        let first = try log.rejects(after: 0, limit: 4)
        let rest = try log.rejects(after: first.last?.id ?? 0, limit: 100)
        #expect(first.map(\.reject) == Array(all.prefix(4)))
        #expect(rest.map(\.reject) == Array(all.dropFirst(4)))
        #expect(try log.rejectCounts() == [300: 5, 301: 5])
    }

    @Test("blocks that make no sense are refused whole")
    func invalid() throws {
        let folder = try TemporaryFolder()
        let log = try SQLiteEventLog(folder: folder.path)
        let good = PendingBlock(partition: 1, count: 1, records: [1])
        for bad in [
            PendingBlock(partition: 65, count: 1, records: []),
            PendingBlock(partition: -1, count: 1, records: []),
            PendingBlock(partition: 0, count: 0, records: []),
        ] {
            #expect(throws: StorageError.self) {
                _ = try log.append(
                    groups: [good, bad], batches: [], rejects: [], receivedMs: 0)
            }
        }
        #expect(throws: StorageError.self) { _ = try log.end(partition: 65) }
        #expect(try log.ends().allSatisfy { $0 == 0 })
    }
}
