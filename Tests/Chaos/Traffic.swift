import Foundation
import Messages
import Randomness
import Runtime
import Synchronization
import System
import TestSupport
import ZeroMQ

/// Everything that goes on besides the faults: producers, a service that asks, and a sampler of
/// what the processes use. Threads of their own; they share this object.
final class Traffic: Sendable {
    struct Sums {
        var asked = 0
        var answered = 0
        var refused: [String: Int] = [:]
        var silent = 0
        var silentWhenExpected: [String] = []
        var latencies: [Int] = []
        var rssMax: [String: UInt64] = [:]
        var descriptorsMax: [String: Int] = [:]
        var modelFiles: Set<String> = []
        var problems: [String] = []
        var running = 0
    }

    let folder: DataFolder
    let history: History
    let users: Int
    private let sums = Mutex(Sums())
    private let isStopping = Atomic<Bool>(false)
    private let isPaused = Atomic<Bool>(false)
    /// Whether scoring has no excuse for not answering.
    /// Odd while scoring must answer; rises with every change, so that a question knows whether a
    /// fault of scoring came and went while it waited.
    private let scoringExpectation = Atomic<Int>(0)

    init(_ folder: DataFolder, _ history: History, users: Int) {
        self.folder = folder
        self.history = history
        self.users = users
    }

    var found: Sums { sums.withLock { $0 } }
    /// Called by the nemesis alone.
    func expectScoring(_ expected: Bool) {
        let now = scoringExpectation.load(ordering: .relaxed)
        // A fault that follows another is another, although nothing was expected anyway.
        let step = now.isMultiple(of: 2) == expected ? 1 : 2
        if !expected || step == 1 { scoringExpectation.add(step, ordering: .relaxed) }
    }
    func pause(_ paused: Bool) { isPaused.store(paused, ordering: .relaxed) }
    var isOver: Bool { isStopping.load(ordering: .relaxed) }

    func note(problem: String) { sums.withLock { $0.problems.append(problem) } }

    /// Ends all threads; false when one does not end.
    func stop(within limit: Duration) -> Bool {
        isStopping.store(true, ordering: .relaxed)
        let ended: Void? = try? wait(for: "the traffic's end", within: limit) {
            sums.withLock { $0.running } == 0 ? () : nil
        }
        return ended != nil
    }

    private func spawn(_ name: String, _ body: @escaping @Sendable () throws -> Void) {
        sums.withLock { $0.running += 1 }
        let thread = Thread { [self] in
            do { try body() } catch { note(problem: "\(name): \(error)") }
            sums.withLock { $0.running -= 1 }
        }
        thread.stackSize = 4 << 20
        thread.start()
    }

    /// A producer at an endpoint of its own; its events are numbered within its name.
    func startProducer(
        _ name: String, endpoint: String, seed: UInt64, patience: Duration
    ) throws {
        let keys = try Keys.load(folder, as: .client)
        spawn(name) { [self] in
            let client = try ProducerClient(
                endpoint: endpoint, keys: keys, producer: name, epoch: 1)
            client.resendAfter = .milliseconds(400)
            client.giveUpAfter = patience
            client.onResult = { [history] in Traffic.note($0, of: name, in: history) }
            var shop = Shop(producer: name, seed: seed, users: users)
            while !isOver {
                if isPaused.load(ordering: .relaxed) {
                    try client.flush(timeout: patience)
                    Clock.pause(.milliseconds(20))
                    continue
                }
                let batch = shop.batch(30)
                Self.note(batch, UInt64(shop.batches), of: name, in: history)
                try client.send(batch.map(\.record))
                Clock.pause(.milliseconds(40))
            }
            try client.flush(timeout: patience)
        }
    }

    /// A producer that does not number its batches: it sends each until it is answered, some of
    /// them again although they were, and ingest must know the events by their ids.
    func startUnnumbered(_ name: String, endpoint: String, seed: UInt64) throws {
        let keys = try Keys.load(folder, as: .client)
        spawn(name) { [self] in
            let client = try RequestClient(endpoint: endpoint, keys: keys, role: .eventClient)
            var shop = Shop(producer: name, seed: seed, users: users)
            while !isOver {
                let made = shop.batch(10)
                Self.note(made, UInt64(shop.batches), of: name, in: history)
                var batch = EventBatch()
                batch.producer = name
                batch.records = made.map(\.record)
                for _ in 0..<(shop.batches % 3 == 0 ? 2 : 1) {
                    var result = try sendUnnumbered(batch, by: client)
                    result.sequence = UInt64(shop.batches)
                    Self.note(result, of: name, in: history)
                }
                Clock.pause(.milliseconds(60))
            }
        }
    }

    private func sendUnnumbered(
        _ batch: EventBatch, by client: RequestClient
    ) throws -> BatchResult {
        try wait(for: "an answer to a batch without a number", within: .seconds(90)) {
            () -> BatchResult? in
            do throws(RequestFailure) {
                return try client.ask(
                    .eventBatch, batch, as: BatchResult.self, timeout: .milliseconds(500))
            } catch {
                guard case .refused(let code, _, _) = error else { return nil }
                if code.rawValue >= 600 || code == .overloaded { return nil }
                throw error
            }
        }
    }

    /// A producer of the moment, as fast as it can, with a window as large as it may.
    func startFlood(endpoint: String, number: Int) throws {
        let name = "flood-\(number)"
        let keys = try Keys.load(folder, as: .client)
        spawn(name) { [self] in
            let client = try ProducerClient(
                endpoint: endpoint, keys: keys, producer: name, epoch: 1,
                window: Limits.batchCredit)
            client.resendAfter = .milliseconds(500)
            client.onResult = { [history] in Traffic.note($0, of: name, in: history) }
            var shop = Shop(producer: name, seed: UInt64(number), users: users)
            for _ in 0..<30 {
                let made = shop.batch(150)
                Self.note(made, UInt64(shop.batches), of: name, in: history)
                try client.send(made.map(\.record))
            }
            try client.flush(timeout: .seconds(90))
        }
    }

    static func note(
        _ batch: [Shop.Made], _ sequence: UInt64, of producer: String, in history: History
    ) {
        history.write(
            "send",
            [
                "p": History.text(producer), "s": "\(sequence)",
                "ev": History.list(batch.map(\.note)),
            ])
    }

    static func note(_ result: BatchResult, of producer: String, in history: History) {
        history.write(
            "ack",
            [
                "p": History.text(producer), "s": "\(result.sequence)",
                "acc": "\(result.accepted)", "dup": "\(result.duplicates)",
                "rej": History.list(result.rejects.map { "\($0.index)|\($0.code.rawValue)" }),
            ])
    }

    /// A service that asks for recommendations of random users all the time.
    func startAsker(endpoint: String, seed: UInt64) throws {
        let keys = try Keys.load(folder, as: .client)
        spawn("asker") { [self] in
            let client = try RequestClient(endpoint: endpoint, keys: keys)
            var dice = SplitMix64(seed: seed)
            while !isOver {
                ask(client, "user-\(dice.below(users))")
                Clock.pause(.milliseconds(15))
            }
        }
    }

    private func ask(_ client: RequestClient, _ user: String) {
        var request = RecommendRequest()
        request.userID = user
        let before = scoringExpectation.load(ordering: .relaxed)
        let started = Clock.monotonic()
        do throws(RequestFailure) {
            let answer = try client.ask(
                .recommendRequest, request, as: Recommendations.self, timeout: .seconds(2))
            let ms = Int((Clock.monotonic() - started).milliseconds)
            history.write("answer", ["ms": "\(ms)", "models": History.list(answer.models)])
            sums.withLock {
                $0.asked += 1
                $0.answered += 1
                $0.latencies.append(ms)
            }
        } catch {
            let after = scoringExpectation.load(ordering: .relaxed)
            let isExpected = before == after && !before.isMultiple(of: 2)
            let ms = Int((Clock.monotonic() - started).milliseconds)
            history.write(
                "unanswered",
                [
                    "ms": "\(ms)", "user": History.text(user), "why": History.text("\(error)"),
                    "expected": "\(isExpected)",
                ])
            sums.withLock {
                $0.asked += 1
                if case .refused(let code, _, _) = error {
                    $0.refused[code.name, default: 0] += 1
                } else {
                    $0.silent += 1
                    // Nothing that touches scoring happened between question and deadline.
                    if isExpected { $0.silentWhenExpected.append("\(error)") }
                }
            }
        }
    }

    /// Looks at every process of the cluster ten times a second.
    func startSampler() {
        spawn("sampler") { [self] in
            while !isOver {
                sample()
                Clock.pause(.milliseconds(100))
            }
        }
    }

    private func sample() {
        let text = (try? Files.readText(folder.runRecordFile, bytesMax: 1 << 16)) ?? ""
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count == 3, let pid = Int32(fields[0]) else { continue }
            let name = String(fields[2])
            let rss = ProcessFacts.residentBytes(pid: pid)
            let open = (try? Files.list("/proc/\(pid)/fd").count) ?? 0
            sums.withLock {
                $0.rssMax[name] = max($0.rssMax[name] ?? 0, rss)
                $0.descriptorsMax[name] = max($0.descriptorsMax[name] ?? 0, open)
            }
        }
        let files = (try? Files.list(folder.modelsFolder)) ?? []
        sums.withLock { sums in
            for file in files where file.hasSuffix(".safetensors") { sums.modelFiles.insert(file) }
        }
    }
}
