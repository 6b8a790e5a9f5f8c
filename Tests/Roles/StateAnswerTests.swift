import Events
import FeaturePool
import Ingest
import Messages
import Runtime
import Scoring
import System
import Testing
import ZeroMQ

@Suite("Who asks for states and links hears what is known, and what is not known yet")
struct StateAnswerTests {
    private struct World {
        let folder: DataFolder
        let configuration: Configuration
        let endpoints: Endpoints

        init() throws {
            folder = try DataFolder.initialise(
                try Files.makeTemporaryFolder(prefix: "limn-states") + "/data")
            try folder.prepareRunFolder()
            var configuration = Configuration()
            configuration.ingest.listen = ""
            configuration.scoring.listen = ""
            configuration.features.workers = 2
            self.configuration = configuration
            endpoints = Endpoints(folder: folder, configuration: configuration)
        }

        func user(ofWorker worker: Int) throws -> String {
            let found = (0..<1000).lazy.map { "nobody-\($0)" }.first {
                endpoints.worker(ofPartition: Partitions.partition(ofUser: $0)) == worker
            }
            return try #require(found)
        }

        func states(_ userIDs: [String]) async throws -> States {
            var request = StateRequest()
            request.userIDs = userIDs
            let (folder, endpoint, question) = (folder, endpoints.features(0), request)
            return try await ScoringWorld.blocking {
                let client = try RequestClient(
                    endpoint: endpoint, keys: try Keys.load(folder, as: .operator),
                    role: .workClient)
                return try client.ask(
                    .stateRequest, question, as: States.self, timeout: .seconds(10))
            }
        }

        /// Without coming again.
        func firstAnswer(about userID: String, timeoutMs: UInt32) async throws -> Answer? {
            var request = ProfileRequest()
            request.userID = userID
            let (folder, endpoint, question) = (folder, endpoints.scoring(0), request)
            return try await ScoringWorld.blocking {
                let client = try RequestClient(
                    endpoint: endpoint, keys: try Keys.load(folder, as: .operator))
                _ = try client.send(.profileRequest, question, timeoutMs: timeoutMs)
                return try client.receive(timeout: .milliseconds(Int64(timeoutMs)))
            }
        }

        func profile(_ userID: String, timeout: Duration) async throws -> Profile {
            var request = ProfileRequest()
            request.userID = userID
            let (folder, endpoint, question) = (folder, endpoints.scoring(0), request)
            return try await ScoringWorld.blocking {
                let client = try RequestClient(
                    endpoint: endpoint, keys: try Keys.load(folder, as: .operator))
                return try client.ask(
                    .profileRequest, question, as: Profile.self, timeout: timeout)
            }
        }
    }

    @Test("A worker that has read nothing of the log yet does not say that somebody is unknown")
    func worker() async throws {
        let world = try World()
        defer { try? Files.removeTree(world.folder.path) }
        let features = try await RoleHost<FeatureRole>.start(
            FeatureRole.self, folder: world.folder, configuration: world.configuration)
        let (mine, other) = (try world.user(ofWorker: 0), try world.user(ofWorker: 1))
        let early = try await world.states([mine, other])
        #expect(early.states.isEmpty)
        #expect(early.failures.map(\.userID) == [mine, other])
        #expect(early.failures.map(\.code) == [.unavailable, .notOwner])
        let ingest = try await RoleHost<IngestRole>.start(
            IngestRole.self, folder: world.folder, configuration: world.configuration)
        let deadline = Clock.monotonic() + .seconds(20)
        var found = early
        while found.states.isEmpty, Clock.monotonic() < deadline {
            found = try await world.states([mine, other])
        }
        #expect(found.states.map(\.userID) == [mine] && found.states.allSatisfy { !$0.found })
        #expect(found.failures.map(\.code) == [.notOwner])
        await #expect(throws: RequestFailure.self) { _ = try await world.states([other]) }
        await features.stop()
        await ingest.stop()
    }

    @Test("Before the links are read nobody is said to be one alone; afterwards who waited is told")
    func links() async throws {
        let world = try World()
        defer { try? Files.removeTree(world.folder.path) }
        let mine = try world.user(ofWorker: 0)
        let features = try await RoleHost<FeatureRole>.start(
            FeatureRole.self, folder: world.folder, configuration: world.configuration)
        let scoring = try await RoleHost<ScoringRole>.start(
            ScoringRole.self, folder: world.folder, configuration: world.configuration)
        let failure = await #expect(throws: RequestFailure.self) {
            _ = try await world.profile(mine, timeout: .milliseconds(500))
        }
        guard case .refused(.unavailable, let text, _) = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(text.contains("links"))
        async let waiting = world.profile(mine, timeout: .seconds(30))
        let ingest = try await RoleHost<IngestRole>.start(
            IngestRole.self, folder: world.folder, configuration: world.configuration)
        #expect(try await waiting.known == false, "said by the owner")
        await scoring.stop()
        await features.stop()
        await ingest.stop()
    }

    @Test("What the owner cannot read is refused at once, and of a person half is not the whole")
    func unreadable() async throws {
        let world = try World()
        defer { try? Files.removeTree(world.folder.path) }
        let ingest = try await RoleHost<IngestRole>.start(
            IngestRole.self, folder: world.folder, configuration: world.configuration)
        var workers: [RoleHost<FakeWorker>] = []
        for index in 0..<2 {
            let worker = try await RoleHost<FakeWorker>.start(
                FakeWorker.self, folder: world.folder, index: index,
                configuration: world.configuration)
            await worker.role.know(["one", "other", "half"], unreadable: ["lost"])
            workers.append(worker)
        }
        let (folder, endpoint) = (world.folder, world.endpoints.ingest)
        try await ScoringWorld.blocking {
            let client = try ProducerClient(
                endpoint: endpoint, keys: try Keys.load(folder, as: .operator), producer: "links",
                epoch: 1)
            try client.send(
                [("one", "other"), ("half", "lost")].map { pair in
                    var link = Link()
                    link.userID = pair.0
                    link.otherID = pair.1
                    var record = Record()
                    record.content = .link(link)
                    return record
                })
            try client.flush(timeout: .seconds(20))
        }
        let scoring = try await RoleHost<ScoringRole>.start(
            ScoringRole.self, folder: world.folder, configuration: world.configuration)
        let whole = try await world.profile("one", timeout: .seconds(30))
        #expect(whole.known && whole.identities.count == 2)
        for user in ["lost", "half"] {
            let started = Clock.monotonic()
            let failure = try await world.firstAnswer(about: user, timeoutMs: 20_000)?.refusal
            guard case .refused(.unavailable, let text, let pause) = failure else {
                Issue.record("\(user): \(String(describing: failure))")
                continue
            }
            #expect(text.contains("cannot read") && pause > 0, "\(user): \(text)")
            #expect(Clock.monotonic() - started < .seconds(10), "not at the end of the time")
        }
        await scoring.stop()
        for worker in workers { await worker.stop() }
        await ingest.stop()
    }
}
