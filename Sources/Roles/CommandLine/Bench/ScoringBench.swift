import Messages
import Runtime
import Simulation
import System

/// Requests per second and their latency: top 10 of 5,000 items for random known users, against
/// real
/// processes with encryption, from one client that keeps several requests in flight.
struct ScoringBench {
    var users = 5_000
    var items = 5_000
    var events = 150_000
    var seconds = 8
    /// Requests in flight while the greatest rate is measured.
    var window = 128

    struct Report {
        var items: Int
        var users: Int
        var saturatedPerSecond: Double
        var saturated: Latencies
        var pacedPerSecond: Double
        var paced: Latencies
        var failures: Int
        var fallbacks: Int
        var processors: [(name: String, seconds: Double)]
    }

    func run(progress: (_ stage: String) -> Void) throws -> Report {
        let cluster = try BenchCluster(workers: 1)
        defer { cluster.stop() }
        for kind in [RoleKind.ingest, .features, .trainer, .scoring] { try cluster.start(kind) }
        progress("feeding \(events) events of \(users) users")
        let names = try feed(cluster)
        progress("training")
        try train(cluster)
        let client = try RequestClient(
            endpoint: cluster.endpoints.scoring(0), keys: Keys.load(cluster.folder, as: .client))
        progress("warming up")
        var failures = 0
        var fallbacks = 0
        _ = try load(client, names, pace: nil, seconds: 2, &failures, &fallbacks)
        failures = 0
        fallbacks = 0
        progress("measuring the greatest rate")
        let before = cluster.processorSeconds()
        let ownBefore = ProcessFacts.current().cpuSeconds
        let fast = try load(client, names, pace: nil, seconds: seconds, &failures, &fallbacks)
        var processors = [("client", ProcessFacts.current().cpuSeconds - ownBefore)]
        for (now, then) in zip(cluster.processorSeconds(), before) {
            processors.append((now.name, now.seconds - then.seconds))
        }
        let rate = Double(fast.count) / Double(seconds)
        progress("measuring latency at half that rate")
        let paced = try load(
            client, names, pace: rate / 2, seconds: seconds, &failures, &fallbacks)
        return Report(
            items: items, users: users, saturatedPerSecond: rate, saturated: fast,
            pacedPerSecond: Double(paced.count) / Double(seconds), paced: paced,
            failures: failures, fallbacks: fallbacks, processors: processors)
    }

    /// Sends a simulated shop and waits until all of it is committed. Returns the users seen.
    private func feed(_ cluster: BenchCluster) throws -> [String] {
        let producer = try ProducerClient(
            endpoint: cluster.endpoints.ingest, keys: Keys.load(cluster.folder, as: .client),
            producer: "bench", epoch: 1)
        var shop = ShopSimulation(
            seed: 1,
            parameters: ShopParameters(users: users, items: items, events: events, days: 30))
        var records: [Record] = shop.items().map { item in
            var record = Record()
            record.content = .item(item)
            return record
        }
        var names: Set<String> = []
        var sent = 0
        func flush() throws {
            for start in stride(from: 0, to: records.count, by: 500) {
                try producer.send(Array(records[start..<min(start + 500, records.count)]))
            }
            sent += records.count
            records.removeAll(keepingCapacity: true)
        }
        try flush()
        let catalogue = sent
        while let event = shop.next() {
            names.insert(event.userID)
            var record = Record()
            record.content = .event(event)
            records.append(record)
            if records.count == 500 { try flush() }
        }
        try flush()
        try producer.flush(timeout: .seconds(60))
        try cluster.waitUntilCommitted(
            producer.totals.accepted - UInt64(catalogue), timeout: .seconds(60))
        return names.sorted()
    }

    private func train(_ cluster: BenchCluster) throws {
        let trainer = try RequestClient(
            endpoint: cluster.endpoints.trainer, keys: Keys.load(cluster.folder, as: .operator))
        // The outbox is read while it fills; a second of silence means that the trainer has it all.
        Clock.pause(.seconds(2))
        let models = try trainer.ask(
            .trainRequest, TrainRequest(), as: Models.self, timeout: .seconds(300))
        guard models.models.contains(where: { $0.name == "als" && $0.version > 0 }) else {
            throw CommandFailure(.tryAgain, "the trainer made no model")
        }
        Clock.pause(.seconds(2))
    }

    /// Asks for `seconds`, as fast as the window allows or at `pace` requests per second.
    private func load(
        _ client: RequestClient, _ names: [String], pace: Double?, seconds: Int,
        _ failures: inout Int, _ fallbacks: inout Int
    ) throws -> Latencies {
        var latencies = Latencies()
        var open: [UInt64: UInt64] = [:]
        var state: UInt64 = 7
        let start = Clock.monotonicNs()
        let end = start + UInt64(seconds) * 1_000_000_000
        var sent = 0
        while true {
            let now = Clock.monotonicNs()
            if now >= end && open.isEmpty { return latencies }
            let due = pace.map { Int(Double(now - start) / 1e9 * $0) } ?? .max
            while now < end && open.count < window && sent < due {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                var request = RecommendRequest()
                request.userID = names[Int((state >> 33) % UInt64(names.count))]
                request.count = 10
                open[try client.send(.recommendRequest, request, timeoutMs: 1000)] =
                    Clock.monotonicNs()
                sent += 1
            }
            guard let answer = try client.receive(timeout: .milliseconds(open.isEmpty ? 1 : 5))
            else {
                if Clock.monotonicNs() > end + 2_000_000_000 {
                    failures += open.count
                    return latencies
                }
                continue
            }
            guard let asked = open.removeValue(forKey: answer.header.requestID) else { continue }
            latencies.add(Double(Clock.monotonicNs() - asked) / 1000)
            if answer.header.kind != .recommendations { failures += 1 }
            if latencies.count % 64 == 0,
                let list = try? answer.decode(as: Recommendations.self)
            {
                if list.items.count < 10 { failures += 1 }
                if list.fallback { fallbacks += 1 }
            }
        }
    }
}
