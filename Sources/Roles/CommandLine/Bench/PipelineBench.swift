import Runtime
import System

/// Events per second from a producer's socket to committed user state, through real processes with
/// full durability and encryption.
struct PipelineBench {
    var events = 1_000_000
    var users = 100_000
    var workers = 1
    var batchRecords = 500
    var hotUsers = 0
    /// Whether the machine's limits are measured too, in the same run.
    var measuresLimits = true

    struct Report {
        var events: Int
        var users: Int
        var bytesPerEvent: Double
        var acknowledgedSeconds: Double
        var committedSeconds: Double
        var accepted: UInt64
        var duplicates: UInt64
        var rejected: UInt64
        var committed: UInt64
        /// Processor seconds per process, the producer included.
        var processors: [(name: String, seconds: Double)]
        /// Memory of each process at the end.
        var memory: [(name: String, bytes: UInt64)]
        var limits: PipelineLimits.Report?

        var acknowledgedPerSecond: Double { Double(events) / acknowledgedSeconds }
        var committedPerSecond: Double { Double(events) / committedSeconds }
        /// Every acknowledged record is applied, a duplicate or a reject.
        var isAccounted: Bool {
            accepted == committed && UInt64(events) == accepted + duplicates + rejected
        }
    }

    func run(progress: (_ done: Int) -> Void) throws -> Report {
        let cluster = try BenchCluster(workers: workers, hotUsers: hotUsers)
        defer { cluster.stop() }
        let stream = BenchEvents(
            BenchEvents.Shape(
                users: users, batchRecords: batchRecords,
                startMs: Clock.wallMs() - Int64(events) * 2))
        try cluster.start(.ingest)
        for worker in 0..<workers { try cluster.start(.features, index: worker) }
        let producer = try ProducerClient(
            endpoint: cluster.endpoints.ingest, keys: Keys.load(cluster.folder, as: .client),
            producer: "bench", epoch: 1, window: 16)
        // One batch warms up connections and files; it is not measured.
        try producer.send(encoded: stream.batches[0], count: stream.recordsPerBatch)
        try producer.flush(timeout: .seconds(30))
        try cluster.waitUntilCommitted(UInt64(stream.recordsPerBatch), timeout: .seconds(30))

        let ownBefore = ProcessFacts.current().cpuSeconds
        let before = cluster.processorSeconds()
        let started = Clock.monotonic()
        let batches = max(1, events / stream.recordsPerBatch)
        for batch in 0..<batches {
            try producer.send(
                encoded: stream.batches[batch % stream.batches.count],
                count: stream.recordsPerBatch)
            if batch % 100 == 0 { progress(batch * stream.recordsPerBatch) }
        }
        try producer.flush(timeout: .seconds(120))
        let acknowledged = Clock.monotonic() - started
        let all = UInt64((batches + 1) * stream.recordsPerBatch)
        try cluster.waitUntilCommitted(all, timeout: .seconds(120))
        let committed = Clock.monotonic() - started
        let totals = producer.totals
        let warm = UInt64(stream.recordsPerBatch)
        var processors = [("producer", ProcessFacts.current().cpuSeconds - ownBefore)]
        for (now, then) in zip(cluster.processorSeconds(), before) {
            processors.append((now.name, now.seconds - then.seconds))
        }
        let memory = cluster.residentBytes()
        let committedRecords = cluster.committedRecords() - warm
        cluster.stopProcesses()
        let limits =
            measuresLimits
            ? try PipelineLimits(
                events: min(events, 2_000_000), users: users, batchRecords: batchRecords
            ).run() : nil
        return Report(
            events: batches * stream.recordsPerBatch, users: users,
            bytesPerEvent: stream.bytesPerRecord,
            acknowledgedSeconds: acknowledged / .seconds(1),
            committedSeconds: committed / .seconds(1), accepted: totals.accepted - warm,
            duplicates: totals.duplicates, rejected: totals.rejected,
            committed: committedRecords, processors: processors, memory: memory, limits: limits)
    }
}
