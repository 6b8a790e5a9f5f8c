import Foundation
import Messages
import Randomness
import Runtime
import Synchronization
import System
import TestSupport

/// Producers' events without a pause, on a thread of its own, until told to end.
final class EventTraffic: Sendable {
    struct Result {
        var oracle = Oracle()
        var made = 0
        var totals: ProducerTotals?
        var failure: String?
        var isDone = false
    }

    private let state = Mutex(Result())
    private let isEnding = Atomic<Bool>(false)

    var result: Result { state.withLock { $0 } }

    func start(_ cluster: ClusterHarness, seed: UInt64, eventsMax: Int, batch: Int) throws {
        let producer = try cluster.producer("traffic")
        let box = Box(producer)
        let thread = Thread { [self] in run(box, seed, eventsMax, batch) }
        thread.start()
    }

    /// Sends no more and waits until everything is answered.
    func end(within limit: Duration = .seconds(60)) throws -> Result {
        isEnding.store(true, ordering: .releasing)
        return try wait(for: "the traffic's end", within: limit) {
            let result = result
            return result.isDone ? result : nil
        }
    }

    /// Handed to the thread that uses it alone from then on.
    private final class Box: @unchecked Sendable {
        let producer: ProducerClient
        init(_ producer: ProducerClient) { self.producer = producer }
    }

    private func run(_ box: Box, _ seed: UInt64, _ eventsMax: Int, _ batch: Int) {
        var workload = Workload(seed: seed)
        var oracle = Oracle()
        do {
            while !isEnding.load(ordering: .acquiring), workload.made + batch <= eventsMax {
                try box.producer.send(workload.batch(batch, into: &oracle))
                Clock.pause(.milliseconds(4))
            }
            try box.producer.flush()
        } catch {
            state.withLock { $0.failure = "\(error)" }
        }
        state.withLock {
            $0.oracle = oracle
            $0.made = workload.made
            $0.totals = box.producer.totals
            $0.isDone = true
        }
    }
}

/// Scoring requests one after the other, on a thread of its own, until told to end.
final class RequestTraffic: Sendable {
    struct Result {
        var asked = 0
        var failures: [String] = []
        var failovers: UInt64 = 0
        var times: [Duration] = []
        var isDone = false
    }

    private let state = Mutex(Result())
    private let isEnding = Atomic<Bool>(false)

    func start(_ cluster: ClusterHarness, seed: UInt64, users: Int, timeout: Duration) throws {
        let endpoints = (0..<3).map { cluster.endpoints.scoring($0) }
        let keys = try cluster.keys(.client)
        let thread = Thread { [self] in
            do {
                try run(endpoints, keys, seed, users, timeout)
            } catch {
                state.withLock { $0.failures.append("\(error)") }
            }
            state.withLock { $0.isDone = true }
        }
        thread.start()
    }

    func end() throws -> Result {
        isEnding.store(true, ordering: .releasing)
        return try wait(for: "the requests' end", within: .seconds(20)) {
            let result = state.withLock { $0 }
            return result.isDone ? result : nil
        }
    }

    private func run(
        _ endpoints: [String], _ keys: Keys, _ seed: UInt64, _ users: Int, _ timeout: Duration
    ) throws {
        let client = try RequestClient(endpoints: endpoints, keys: keys)
        var dice = SplitMix64(seed: seed)
        while !isEnding.load(ordering: .acquiring) {
            let begun = Clock.monotonic()
            var failure: String?
            do {
                if dice.below(2) == 0 {
                    var request = ProfileRequest()
                    request.userID = "user-\(dice.below(users))"
                    _ = try client.ask(
                        .profileRequest, request, as: Profile.self, timeout: timeout)
                } else {
                    var request = RecommendRequest()
                    request.userID = "user-\(dice.below(users))"
                    _ = try client.ask(
                        .recommendRequest, request, as: Recommendations.self, timeout: timeout)
                }
            } catch {
                failure = "\(error)"
            }
            let taken = Clock.monotonic() - begun
            state.withLock {
                $0.asked += 1
                $0.times.append(taken)
                $0.failovers = client.failovers
                if let failure { $0.failures.append(failure) }
            }
            Clock.pause(.milliseconds(2))
        }
    }
}
