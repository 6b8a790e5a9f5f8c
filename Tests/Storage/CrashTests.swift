import Foundation
import Glibc
import Messages
import SQLite
import Storage
import Testing

@Suite("A crash at any instant leaves a valid prefix")
struct CrashTests {
    @Test("a log whose WAL is torn at every 512th byte opens to the last whole append")
    func tornLog() throws {
        let folder = try TemporaryFolder()
        let image = try TemporaryFolder()
        var options = DatabaseOptions()
        options.pageSize = 1_024
        options.checkpointPages = 0
        let path = "\(folder.path)/events.sqlite"
        let log = try SQLiteEventLog(path: path, options: options)
        var models = [LogModel()]
        var generator = AppendGenerator(seed: 77)
        for step in 1...12 {
            var model = models[step - 1]
            let (groups, _, rejects) = generator.next()
            let small = groups.map {
                PendingBlock(
                    partition: $0.partition, count: $0.count,
                    records: Array($0.records.prefix(3_000)))
            }
            let batch = ProducerBatch(
                producer: "p", epoch: 1, sequence: UInt64(step), reply: [UInt8(step)])
            _ = try log.append(
                groups: small, batches: [batch], rejects: rejects, receivedMs: Int64(step))
            _ = model.append(small, [batch], rejects, receivedMs: Int64(step))
            models.append(model)
        }
        try folder.crashImage(of: "events.sqlite", into: image)
        let whole = try Data(contentsOf: URL(fileURLWithPath: "\(image.path)/events.sqlite-wal"))
        #expect(whole.count > 50_000)
        var reached = Set<Int>()
        for length in Array(stride(from: 0, to: whole.count, by: 512)) + [whole.count] {
            try folder.crashImage(of: "events.sqlite", into: image)
            try whole.prefix(length).write(
                to: URL(fileURLWithPath: "\(image.path)/events.sqlite-wal"))
            let opened = try SQLiteEventLog(path: "\(image.path)/events.sqlite", options: options)
            let applied = Int(try opened.totals().batches)
            #expect(try models[applied].difference(from: opened) == nil, "cut at \(length)")
            reached.insert(applied)
        }
        #expect(reached == Set(0...12))
    }

    @Test("a partition whose WAL is torn at every 512th byte opens to the last whole commit")
    func tornPartition() throws {
        let folder = try TemporaryFolder()
        let image = try TemporaryFolder()
        var options = DatabaseOptions()
        options.pageSize = 1_024
        options.checkpointPages = 0
        let store = try SQLitePartitionStore(
            path: "\(folder.path)/0.sqlite", partition: 0, options: options)
        try store.claim(epoch: 1)
        for step in 1...15 as ClosedRange<UInt64> {
            let users = StateRows(
                (1...step).map {
                    ($0 &* 0x9e37_79b9_7f4a_7c15, [UInt8](repeating: UInt8(step), count: 200))
                })
            let outbox = PendingBlock(partition: 0, count: 2, records: [UInt8(step)])
            _ = try store.commit(
                PartitionCommit(
                    epoch: 1, appliedOffset: step * 10, users: users, outbox: [outbox],
                    totals: [UInt8(step)]))
        }
        try folder.crashImage(of: "0.sqlite", into: image)
        let whole = try Data(contentsOf: URL(fileURLWithPath: "\(image.path)/0.sqlite-wal"))
        var reached = Set<UInt64>()
        for length in Array(stride(from: 0, to: whole.count, by: 512)) + [whole.count] {
            try folder.crashImage(of: "0.sqlite", into: image)
            try whole.prefix(length).write(to: URL(fileURLWithPath: "\(image.path)/0.sqlite-wal"))
            let opened = try SQLitePartitionStore(
                path: "\(image.path)/0.sqlite", partition: 0, options: options)
            let step = try opened.appliedOffset() / 10
            reached.insert(step)
            #expect(try opened.userCount() == Int(step), "cut at \(length)")
            #expect(try opened.outboxEnd() == step * 2)
            #expect(try opened.readOutbox(from: 0, maxBytes: .max).count == Int(step))
            #expect(try opened.totals() == (step == 0 ? [] : [UInt8(step)]))
            try opened.forEachUser { _, state in #expect(state[0] == UInt8(step)) }
        }
        #expect(reached == Set(0...15))
    }

    @Test("what a killed process had acknowledged is there, and the log goes on")
    func killed() async throws {
        let folder = try TemporaryFolder()
        let path: String = folder.path
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let log = try SQLiteEventLog(folder: path)
            for sequence in 1...20 as ClosedRange<UInt64> {
                let block = PendingBlock(
                    partition: 5, count: 10, records: .init(repeating: UInt8(sequence), count: 900))
                let batch = ProducerBatch(
                    producer: "p", epoch: 1, sequence: sequence, reply: [])
                _ = try log.append(
                    groups: [block], batches: [batch], rejects: [], receivedMs: 0)
            }
            kill(getpid(), SIGKILL)
        }
        let log = try SQLiteEventLog(folder: path)
        #expect(try log.producerState("p") == ProducerState(epoch: 1, lastSequence: 20))
        #expect(try log.end(partition: 5) == 200)
        #expect(try log.read(partition: 5, from: 0, maxBytes: .max).count == 20)
        let block = PendingBlock(partition: 5, count: 1, records: [1])
        #expect(
            try log.append(groups: [block], batches: [], rejects: [], receivedMs: 0) == [200])
    }

    @Test("another process reads while the writer has the log open")
    func secondProcess() async throws {
        let folder = try TemporaryFolder()
        let path: String = folder.path
        let log = try SQLiteEventLog(folder: path)
        let block = PendingBlock(partition: 64, count: 3, records: [1, 2, 3])
        _ = try log.append(groups: [block], batches: [], rejects: [], receivedMs: 4)
        await #expect(processExitsWith: .success) { [path = path as String] in
            let reader = try SQLiteEventLog(folder: path, readOnly: true)
            let found = try reader.read(partition: 64, from: 0, maxBytes: 100)
            guard found.map(\.records) == [[1, 2, 3]], try reader.ends()[64] == 3 else { exit(1) }
        }
        #expect(
            try log.append(groups: [block], batches: [], rejects: [], receivedMs: 4) == [3])
    }

    @Test("a reader sees what the writer appends after it was opened")
    func readerFollows() throws {
        let folder = try TemporaryFolder()
        let log = try SQLiteEventLog(folder: folder.path)
        let reader = try SQLiteEventLog(folder: folder.path, readOnly: true)
        let block = PendingBlock(partition: 1, count: 1, records: [1])
        for step in 0..<5 as Range<UInt64> {
            #expect(try reader.end(partition: 1) == step)
            _ = try log.append(groups: [block], batches: [], rejects: [], receivedMs: 0)
            #expect(try reader.read(partition: 1, from: step, maxBytes: 10).count == 1)
        }
        #expect(throws: StorageError.self) {
            _ = try reader.append(groups: [block], batches: [], rejects: [], receivedMs: 0)
        }
    }
}
