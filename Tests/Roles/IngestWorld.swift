import FeaturePool
import Foundation
import Ingest
import Messages
import Runtime
import Storage
import System
import ZeroMQ

/// Ingest alone in this process; feature workers come and go.
final class IngestWorld: Sendable {
    let folder: DataFolder
    let configuration: Configuration
    let endpoints: Endpoints

    init(_ change: (inout Configuration) -> Void = { _ in }) throws {
        folder = try DataFolder.initialise(
            try Files.makeTemporaryFolder(prefix: "limn-ingest") + "/data")
        try folder.prepareRunFolder()
        var configuration = Configuration()
        configuration.ingest.listen = ""
        configuration.features.commitMs = 20
        change(&configuration)
        self.configuration = configuration
        endpoints = Endpoints(folder: folder, configuration: configuration)
    }

    deinit { try? Files.removeTree(Files.parent(of: folder.path)) }

    func startIngest() async throws -> RoleHost<IngestRole> {
        try await .start(IngestRole.self, folder: folder, configuration: configuration)
    }

    func startFeatures() async throws -> RoleHost<FeatureRole> {
        try await .start(FeatureRole.self, folder: folder, configuration: configuration)
    }

    /// One question to ingest; what it answers, or why not.
    func ask<M: WireMessage, A: WireMessage>(_ question: M, as: A.Type) async throws -> A {
        try await ScoringWorld.blocking { [folder, endpoints] in
            let client = try RequestClient(
                endpoint: endpoints.ingest, keys: try Keys.load(folder, as: .operator),
                role: .eventClient)
            return try client.ask(
                M.kind ?? .unknown, question, as: A.self, timeout: .seconds(20))
        }
    }

    func send(
        _ records: [Record], producer: String, sequence: UInt64, source: String = ""
    ) async throws -> Result<BatchResult, RequestFailure> {
        var batch = EventBatch()
        batch.producer = producer
        batch.epoch = sequence == 0 ? 0 : 1
        batch.sequence = sequence
        batch.source = source
        batch.records = records
        do {
            return .success(try await ask(batch, as: BatchResult.self))
        } catch let failure as RequestFailure {
            return .failure(failure)
        }
    }

    static func events(_ count: Int, from first: Int = 0, text: Int = 0) -> [Record] {
        (first..<first + count).map { number in
            var event = Event()
            event.eventID = "e\(number)"
            event.userID = "u\(number % 50)"
            event.itemID = "i\(number % 20)"
            event.type = .view
            event.timeMs = 1_700_000_000_000 + Int64(number)
            event.text = String(repeating: "x", count: text)
            var record = Record()
            record.content = .event(event)
            return record
        }
    }

    static func counter(_ name: String, _ vitals: RoleVitals) -> Double {
        vitals.counters.first { $0.name == name }?.value ?? -1
    }

    /// Asks again until the answer is there; nil when 20 s have passed.
    static func until<T>(_ question: () async throws -> T?) async throws -> T? {
        let start = Clock.monotonic()
        while Clock.monotonic() - start < .seconds(20) {
            if let found = try await question() { return found }
            try await Task.sleep(for: .milliseconds(20))
        }
        return nil
    }
}
