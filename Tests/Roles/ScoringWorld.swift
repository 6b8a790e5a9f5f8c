import FeaturePool
import Foundation
import Ingest
import Messages
import Runtime
import Scoring
import System
import Training
import ZeroMQ

/// All roles of one data folder in this process.
final class ScoringWorld: Sendable {
    let folder: DataFolder
    let configuration: Configuration
    let ingest: RoleHost<IngestRole>
    let features: RoleHost<FeatureRole>
    let trainer: RoleHost<TrainerRole>
    let scoring: RoleHost<ScoringRole>
    let endpoints: Endpoints

    init() async throws {
        folder = try DataFolder.initialise(
            try Files.makeTemporaryFolder(prefix: "limn-scoring") + "/data")
        try folder.prepareRunFolder()
        var configuration = Configuration()
        configuration.ingest.listen = ""
        configuration.scoring.listen = ""
        configuration.features.commitMs = 20
        configuration.trainer.onStart = false
        configuration.trainer.minInteractions = 50
        configuration.trainer.als.factors = 8
        self.configuration = configuration
        endpoints = Endpoints(folder: folder, configuration: configuration)
        ingest = try await .start(IngestRole.self, folder: folder, configuration: configuration)
        features = try await .start(FeatureRole.self, folder: folder, configuration: configuration)
        trainer = try await .start(TrainerRole.self, folder: folder, configuration: configuration)
        scoring = try await .start(ScoringRole.self, folder: folder, configuration: configuration)
    }

    func stop() async {
        await scoring.stop()
        await trainer.stop()
        await features.stop()
        await ingest.stop()
        try? Files.removeTree(folder.path)
    }

    /// Runs what blocks on a thread of its own: the pool of tasks is as small as the machine.
    static func blocking<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T
    {
        try await withCheckedThrowingContinuation { continuation in
            Thread { continuation.resume(with: Result { try body() }) }.start()
        }
    }

    func ask<M: WireMessage, A: WireMessage>(
        _ endpoint: String, _ body: M, as: A.Type, timeout: Duration = .seconds(60)
    ) async throws -> A {
        let folder = folder
        return try await Self.blocking {
            let keys = try Keys.load(folder, as: .operator)
            let client = try RequestClient(endpoint: endpoint, keys: keys)
            return try client.ask(M.kind ?? .unknown, body, as: A.self, timeout: timeout)
        }
    }

    func send(_ records: [Record], producer: String) async throws {
        let (folder, endpoint) = (folder, endpoints.ingest)
        try await Self.blocking {
            let client = try ProducerClient(
                endpoint: endpoint, keys: try Keys.load(folder, as: .operator),
                producer: producer, epoch: 1, source: "test")
            try client.send(records)
            try client.flush(timeout: .seconds(20))
        }
    }

    func recommend(_ userID: String, explain: Bool = false) async throws -> Recommendations {
        var request = RecommendRequest()
        request.userID = userID
        request.explain = explain
        return try await ask(
            endpoints.scoring(0), request, as: Recommendations.self, timeout: .seconds(3))
    }

    /// Asks again until the answer is as wanted; the last answer when 20 s have passed.
    func until<T>(_ wanted: (T) -> Bool, _ question: () async throws -> T) async throws -> T {
        let start = Clock.monotonic()
        while true {
            let answer = try await question()
            if wanted(answer) || Clock.monotonic() - start > .seconds(20) { return answer }
        }
    }

    /// A shop of 40 items in two categories; users like one of them.
    static func shop(nowMs: Int64) -> [Record] {
        var records: [Record] = []
        for number in 0..<40 {
            var item = Item()
            item.itemID = "i\(number)"
            item.title = "Thing \(number)"
            item.category = number % 2 == 0 ? "home/lamp" : "garden/tool"
            item.price = Double(10 + number)
            item.timeMs = nowMs - 30 * 86_400_000
            records.append(Record(item))
        }
        for user in 0..<40 {
            for step in 0..<12 {
                let number = 2 * ((user * 3 + step * (1 + user % 3)) % 20) + user % 2
                let type: EventType = step % 4 == 3 ? .purchase : .view
                let time = nowMs - Int64(12 - step) * 86_400_000 + Int64(user) * 1000
                records.append(Record("u\(user)", type, "i\(number)", time))
            }
        }
        return records
    }
}

extension Record {
    init(_ item: Item) {
        self.init()
        content = .item(item)
    }

    init(_ userID: String, _ type: EventType, _ itemID: String, _ timeMs: Int64) {
        self.init()
        var event = Event()
        event.eventID = "\(userID)-\(itemID)-\(timeMs)"
        event.userID = userID
        event.type = type
        event.itemID = itemID
        event.timeMs = timeMs
        event.price = type == .purchase ? 10 : 0
        content = .event(event)
    }
}
