import Messages
import Synchronization
import System
import Testing
import ZeroMQ

@testable import Runtime

@Suite("Clients wait with a deadline and count once", .serialized, .timeLimit(.minutes(5)))
struct ClientTests {
    private func withIngest(
        _ faults: FakeIngest.Faults, _ body: (RoleHost<FakeIngest>, DataFolder) async throws -> Void
    ) async throws {
        let parent = try Files.makeTemporaryFolder(prefix: "limn-test")
        defer { try? Files.removeTree(parent) }
        let folder = try DataFolder.initialise("\(parent)/shop")
        FakeIngest.faults.withLock { $0[folder.path] = faults }
        let host = try await RoleHost.start(FakeIngest.self, folder: folder)
        try await body(host, folder)
        await host.stop()
    }

    private func record(_ user: String) -> Record {
        var event = Event()
        event.userID = user
        var record = Record()
        record.content = .event(event)
        return record
    }

    static let faults: [FakeIngest.Faults] = [
        FakeIngest.Faults(),
        FakeIngest.Faults(loseAnswer: [1, 5, 6, 7]),
        FakeIngest.Faults(loseRequest: [2, 3]),
        FakeIngest.Faults(overload: [1, 9]),
        FakeIngest.Faults(loseAnswer: [4], loseRequest: [2, 11], overload: [7]),
    ]

    @Test(arguments: faults.indices)
    func everyRecordIsStoredOnceInOrder(index: Int) async throws {
        try await withIngest(Self.faults[index]) { host, folder in
            let keys = try Keys.load(folder, as: .client)
            let client = try ProducerClient(
                endpoint: host.environment.endpoints.ingest, keys: keys, producer: "p", epoch: 1)
            client.resendAfter = .milliseconds(100)
            for batch in 0..<50 { try client.send([record("\(batch)a"), record("\(batch)b")]) }
            try client.flush(timeout: .seconds(20))
            #expect(client.totals.records == 100)
            #expect(client.totals.accepted == 100)
            #expect(client.totals.duplicates + client.totals.rejected == 0)
            #expect((client.totals.resends > 0) == (index > 0))
            #expect(client.firstUnacknowledged == 51)
            let stored = await host.role.stored
            #expect(stored == (0..<50).flatMap { ["\($0)a", "\($0)b"] })
        }
    }

    @Test func anAbsentServerIsNamed() throws {
        let parent = try Files.makeTemporaryFolder(prefix: "limn-test")
        defer { try? Files.removeTree(parent) }
        let folder = try DataFolder.initialise("\(parent)/shop")
        let endpoints = Endpoints(folder: folder, configuration: Configuration())
        let keys = try Keys.load(folder, as: .client)
        let client = try RequestClient(endpoint: endpoints.scoring(0), keys: keys)
        #expect(throws: RequestFailure.notConnected(endpoints.scoring(0))) {
            _ = try client.ask(
                .profileRequest, ProfileRequest(), as: Profile.self, timeout: .milliseconds(50))
        }
        let producer = try ProducerClient(
            endpoint: endpoints.ingest, keys: keys, producer: "p", epoch: 1)
        try producer.send([record("u")])
        #expect(throws: RequestFailure.notConnected(endpoints.ingest)) {
            try producer.flush(timeout: .milliseconds(50))
        }
        #expect(producer.totals.resends == 0)
    }

    @Test func anUnknownKeyGetsNoAnswer() async throws {
        try await withIngest(FakeIngest.Faults()) { host, folder in
            let good = try Keys.load(folder, as: .client)
            let stranger = Keys(
                own: try KeyPair.generate(), server: nil, serverPublicKey: good.serverPublicKey)
            let client = try ProducerClient(
                endpoint: host.environment.endpoints.ingest, keys: stranger, producer: "p", epoch: 1
            )
            try client.send([record("u")])
            #expect(throws: RequestFailure.self) { try client.flush(timeout: .milliseconds(300)) }
            #expect(await host.role.stored.isEmpty)
            #expect(host.environment.authenticator.counts.refused > 0)
        }
    }
}
