import Events
import Features
import Messages
import SQLite
import Storage
import System

/// What bounds a pipeline on this machine whatever it is built like: the disk taking the same
/// bytes, and one thread decoding and folding the same events in memory. Measured without sockets,
/// so that the pipeline's figure can be judged against them.
struct PipelineLimits {
    var events: Int
    var users: Int
    var batchRecords: Int
    /// Records of one group commit, as ingest gathers them.
    var groupRecords = 2000

    struct Report {
        var events: Int
        /// Plain inserts of the log's bytes, one durable transaction per group.
        var appendSeconds: Double
        var foldSeconds: Double
        /// Encoding every changed state, which a checkpoint adds.
        var encodeSeconds: Double
        var users: Int
        var stateBytes: Int
        var logBytes: Int

        var appendPerSecond: Double { Double(events) / appendSeconds }
        var foldPerSecond: Double { Double(events) / foldSeconds }
        /// The slower of the two.
        var limitPerSecond: Double { min(appendPerSecond, foldPerSecond) }
    }

    func run() throws -> Report {
        let groups = try makeGroups()
        var report = try fold(groups)
        report.appendSeconds = try append(groups)
        return report
    }

    /// The blocks of one group by partition, as the log holds them.
    private struct Group {
        var blocks: [PendingBlock]
        var bytes: Int { blocks.reduce(0) { $0 + $1.records.count } }
    }

    private func makeGroups() throws -> [Group] {
        let stream = BenchEvents(
            BenchEvents.Shape(
                users: users, batchRecords: batchRecords,
                startMs: Clock.wallMs() - Int64(events) * 2))
        var groups: [Group] = []
        var made = 0
        var pending = 0
        var buffers = [PendingBlock](
            repeating: PendingBlock(partition: 0, count: 0, records: []),
            count: Partitions.users)
        var ranges: [Range<Int>] = []
        for batch in 0... {
            let bytes = stream.batches[batch % stream.batches.count]
            _ = try BatchFields(bytes.span, 0..<bytes.count, records: &ranges)
            for range in ranges {
                let record = try RecordFields(bytes.span, range)
                let hash = XXH64.hash(bytes.span, in: record.event.userID.range)
                let partition = Partitions.partition(ofHash: hash)
                buffers[partition].records.appendRecord(
                    record.content, bytes.span, record.body.range, stamp: Stamp())
                buffers[partition].count += 1
            }
            made += ranges.count
            pending += ranges.count
            if pending >= groupRecords || made >= events {
                groups.append(Group(blocks: Self.take(&buffers)))
                pending = 0
            }
            if made >= events { break }
        }
        return groups
    }

    private static func take(_ buffers: inout [PendingBlock]) -> [PendingBlock] {
        var blocks: [PendingBlock] = []
        for partition in buffers.indices where buffers[partition].count > 0 {
            buffers[partition].partition = partition
            blocks.append(buffers[partition])
            buffers[partition] = PendingBlock(partition: 0, count: 0, records: [])
        }
        return blocks
    }

    private func fold(_ groups: [Group]) throws -> Report {
        var folds = (0..<Partitions.users).map {
            PartitionFold(
                partition: $0, appliedOffset: 0, storeIsEmpty: true, parameters: .standard,
                keys: .open)
        }
        var report = Report(
            events: 0, appendSeconds: 1, foldSeconds: 0, encodeSeconds: 0, users: 0,
            stateBytes: 0, logBytes: 0)
        var changed: [UInt64] = []
        // A worker takes what has gathered since its last fetch: some groups at a time.
        for start in stride(from: 0, to: groups.count, by: 8) {
            let began = Clock.monotonicNs()
            for group in groups[start..<min(start + 8, groups.count)] {
                for block in group.blocks {
                    try folds[block.partition].fold(
                        block.records.span,
                        firstOffset: folds[block.partition].appliedOffset, changed: &changed,
                        load: { _ in nil })
                    report.events += block.count
                }
            }
            changed.removeAll(keepingCapacity: true)
            report.foldSeconds += Double(Clock.monotonicNs() - began) / 1e9
            for partition in folds.indices where folds[partition].outboxBytes > 1 << 20 {
                folds[partition].dropOutbox()
            }
        }
        let began = Clock.monotonicNs()
        for partition in folds.indices {
            let users = folds[partition].takeChanges().users
            report.users += users.count
            report.stateBytes += users.bytes.count
        }
        report.encodeSeconds = Double(Clock.monotonicNs() - began) / 1e9
        report.logBytes = groups.reduce(0) { $0 + $1.bytes }
        return report
    }

    /// One row of bytes per group and nothing else: no index, no blocks, no accounts.
    private func append(_ groups: [Group]) throws -> Double {
        let folder = try Files.makeTemporaryFolder(prefix: "limn-append-")
        defer { try? Files.removeTree(folder) }
        var options = DatabaseOptions()
        options.synchronous = .full
        options.pageSize = 16_384
        options.checkpointPages = 2_000
        let database = try Database(path: "\(folder)/raw.sqlite", options: options)
        try database.execute("CREATE TABLE rows (id INTEGER PRIMARY KEY, bytes BLOB)")
        let put = try database.prepare("INSERT INTO rows VALUES (NULL, ?)")
        let began = Clock.monotonicNs()
        for group in groups {
            let bytes = group.blocks.flatMap(\.records)
            try database.transaction {
                try put.bind(bytes, at: 1)
                try put.run()
            }
        }
        return Double(Clock.monotonicNs() - began) / 1e9
    }
}
