import Foundation
import Randomness
import SQLite
import Storage

/// A folder that is gone with its last reference.
final class TemporaryFolder {
    let path: String

    init() throws {
        path =
            FileManager.default.temporaryDirectory
            .appendingPathComponent("limn-storage-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// What a crash at this instant would leave: the file and its WAL, without the shared memory.
    func crashImage(of name: String, into other: TemporaryFolder) throws {
        for suffix in ["", "-wal"] {
            let target = "\(other.path)/\(name)\(suffix)"
            try? FileManager.default.removeItem(atPath: target)
            try FileManager.default.copyItem(atPath: "\(path)/\(name)\(suffix)", toPath: target)
        }
        try? FileManager.default.removeItem(atPath: "\(other.path)/\(name)-shm")
    }
}

/// Changes a stored file as no program of ours does.
func damage(_ path: String, _ sql: String) throws {
    let database = try Database(path: path)
    try database.execute(sql)
}

extension SplitMix64 {
    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
    }
}

/// What an event log must answer, kept in memory in the plainest way.
struct LogModel {
    var blocks: [[StoredBlock]] = .init(repeating: [], count: StorageLimits.logPartitions)
    var batches: [ProducerBatch] = []
    var rejects: [RejectRecord] = []
    var bytes = 0

    func end(_ partition: Int) -> UInt64 { blocks[partition].last?.endOffset ?? 0 }

    var ends: [UInt64] { blocks.indices.map(end) }

    mutating func append(
        _ groups: [PendingBlock], _ batches: [ProducerBatch], _ rejects: [RejectRecord],
        receivedMs: Int64
    ) -> [UInt64] {
        self.batches += batches
        self.rejects += rejects
        return groups.map { block in
            let first = end(block.partition)
            blocks[block.partition].append(
                StoredBlock(
                    partition: block.partition, firstOffset: first, count: block.count,
                    records: block.records, receivedMs: receivedMs))
            bytes += block.records.count
            return first
        }
    }

    func read(_ partition: Int, from offset: UInt64, maxBytes: Int) -> [StoredBlock] {
        var found: [StoredBlock] = []
        var bytes = 0
        for block in blocks[partition] where block.endOffset > offset {
            if !found.isEmpty, bytes + block.records.count > maxBytes { break }
            found.append(block)
            bytes += block.records.count
            if bytes >= maxBytes { break }
        }
        return found
    }

    func state(_ producer: String) -> ProducerState? {
        batches.filter { $0.producer == producer }
            .map { ProducerState(epoch: $0.epoch, lastSequence: $0.sequence) }
            .max { ($0.epoch, $0.lastSequence) < ($1.epoch, $1.lastSequence) }
    }

    /// The first difference between a log and this model, nil if there is none.
    func difference(from log: any EventLog) throws -> String? {
        if try log.ends() != ends { return "ends" }
        for partition in blocks.indices {
            let found = try log.read(partition: partition, from: 0, maxBytes: .max)
            if found != blocks[partition] { return "blocks of \(partition)" }
        }
        for name in Set(batches.map(\.producer)) {
            if try log.producerState(name) != state(name) { return "state of \(name)" }
            // Places are shared modulo the window, so the newest batch of each place counts.
            var newest: [UInt64: ProducerBatch] = [:]
            for batch in batches where batch.producer == name {
                newest[batch.sequence % StorageLimits.producerWindow] = batch
            }
            for batch in newest.values {
                let reply = try log.storedReply(
                    producer: name, epoch: batch.epoch, sequence: batch.sequence)
                if reply != batch.reply { return "reply \(batch.sequence) of \(name)" }
            }
        }
        if try log.rejects(after: 0, limit: .max).map(\.reject) != rejects { return "rejects" }
        let counts = rejects.reduce(into: [Int: Int]()) { $0[$1.code, default: 0] += 1 }
        if try log.rejectCounts() != counts { return "reject counts" }
        let totals = try log.totals()
        let expected = (
            ends.reduce(0, +), UInt64(bytes), UInt64(batches.count), UInt64(rejects.count)
        )
        if (totals.events, totals.bytes, totals.batches, totals.rejects) != expected {
            return "totals"
        }
        return nil
    }
}

/// Draws appends: a few partitions, block sizes over four orders of magnitude, some rejects.
struct AppendGenerator {
    var random: SplitMix64
    private var sequences: [String: UInt64] = [:]

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    mutating func next() -> ([PendingBlock], [ProducerBatch], [RejectRecord]) {
        let groups = (0..<Int.random(in: 0...6, using: &random)).map { _ in
            let largest = [10, 100, 1_000, 20_000].randomElement(using: &random) ?? 10
            return PendingBlock(
                partition: Int.random(in: 0..<StorageLimits.logPartitions, using: &random),
                count: Int.random(in: 1...200, using: &random),
                records: random.bytes(Int.random(in: 0...largest, using: &random)))
        }
        let batches = (0..<Int.random(in: 0...3, using: &random)).map { _ in
            let name = "producer \(Int.random(in: 0..<4, using: &random))"
            sequences[name, default: 0] += 1
            return ProducerBatch(
                producer: name, epoch: .max - 1, sequence: sequences[name] ?? 0,
                reply: random.bytes(Int.random(in: 0...50, using: &random)))
        }
        let rejects = (0..<Int.random(in: 0...2, using: &random)).map { place in
            RejectRecord(
                producer: "p", epoch: .max, sequence: 1, index: place,
                code: Int.random(in: 300...309, using: &random), message: "price is NaN",
                record: random.bytes(20), receivedMs: 5)
        }
        return (groups, batches, rejects)
    }
}
