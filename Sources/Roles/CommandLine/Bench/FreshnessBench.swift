import Foundation
import Messages
import Runtime
import Synchronization
import System

/// How long it takes until an acknowledged event shows in an answer of the scoring service, while
/// a producer sends at a steady rate beside it. Real processes, real sockets, encrypted, durable.
struct FreshnessBench {
    var ratePerSecond = 50_000
    var seconds = 8
    var users = 100_000
    private static let batchRecords = 500

    struct Report {
        var rounds: Int
        /// What the load really was.
        var sentPerSecond: Double
        var acknowledged = Latencies()
        var visible = Latencies()
    }

    /// The load, on a thread of its own.
    private final class Load: Sendable {
        let isOver = Atomic<Bool>(false)
        let sent = Atomic<Int>(0)
        let failure = Mutex<String?>(nil)
    }

    func run() throws -> Report {
        let cluster = try BenchCluster(workers: 1)
        defer { cluster.stop() }
        for kind in [RoleKind.ingest, .features, .scoring] { try cluster.start(kind) }
        let keys = try Keys.load(cluster.folder, as: .client)
        let endpoints = cluster.endpoints
        let load = Load()
        let thread = Thread {
            do {
                try send(load, endpoints, keys)
            } catch {
                load.failure.withLock { $0 = "\(error)" }
            }
        }
        thread.start()
        let started = Clock.monotonic()
        var report = try probe(endpoints, keys, until: started + .seconds(seconds))
        report.sentPerSecond =
            Double(load.sent.load(ordering: .relaxed))
            / (Clock.monotonic() - started).seconds
        load.isOver.store(true, ordering: .relaxed)
        while !thread.isFinished { Clock.pause(.milliseconds(5)) }
        if let failure = load.failure.withLock({ $0 }) {
            throw CommandFailure(.tryAgain, "the load broke off: \(failure)")
        }
        return report
    }

    private func send(_ load: Load, _ endpoints: Endpoints, _ keys: Keys) throws {
        let stream = BenchEvents(
            BenchEvents.Shape(
                users: users, batchRecords: Self.batchRecords, startMs: Clock.wallMs() - 3_600_000))
        let producer = try ProducerClient(
            endpoint: endpoints.ingest, keys: keys, producer: "load", epoch: 1, window: 16)
        let started = Clock.monotonic()
        var batch = 0
        while !load.isOver.load(ordering: .relaxed) {
            let due = Int((Clock.monotonic() - started).seconds * Double(ratePerSecond))
            guard batch * Self.batchRecords < due else {
                Clock.pause(.milliseconds(1))
                continue
            }
            try producer.send(
                encoded: stream.batches[batch % stream.batches.count], count: Self.batchRecords)
            batch += 1
            load.sent.store(batch * Self.batchRecords, ordering: .relaxed)
        }
        try producer.flush()
    }

    private func probe(
        _ endpoints: Endpoints, _ keys: Keys, until end: Duration
    ) throws -> Report {
        let producer = try ProducerClient(
            endpoint: endpoints.ingest, keys: keys, producer: "probe", epoch: 1)
        let scoring = try RequestClient(endpoint: endpoints.scoring(0), keys: keys)
        var report = Report(rounds: 0, sentPerSecond: 0)
        // The first rounds find connections and caches cold and are not counted.
        var round = -20
        while Clock.monotonic() < end {
            round += 1
            // A few users, so that one is not always the hottest.
            let user = "probe-\((round + 20) % 16)"
            let before = try events(of: user, scoring)
            let sent = Clock.monotonicNs()
            try producer.send([view(user)])
            try producer.flush()
            let acknowledged = Clock.monotonicNs()
            let patience = Clock.monotonic() + .seconds(5)
            while try events(of: user, scoring) <= before {
                guard Clock.monotonic() < patience else { throw RequestFailure.timedOut }
            }
            guard round > 0 else { continue }
            report.rounds = round
            report.acknowledged.add(Double(acknowledged - sent) / 1e3)
            report.visible.add(Double(Clock.monotonicNs() - acknowledged) / 1e3)
        }
        return report
    }

    private func view(_ user: String) -> Record {
        var event = Event()
        event.userID = user
        event.itemID = "item-1"
        event.type = .view
        event.timeMs = Clock.wallMs()
        var record = Record()
        record.content = .event(event)
        return record
    }

    private func events(of user: String, _ scoring: RequestClient) throws -> Double {
        var request = ProfileRequest()
        request.userID = user
        let profile = try scoring.ask(.profileRequest, request, as: Profile.self)
        return profile.statistics.first { $0.name == "events_life" }?.value ?? 0
    }
}
