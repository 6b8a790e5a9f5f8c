import Messages
import System
import Testing
import ZeroMQ

@testable import Runtime

@Suite("A client of several servers asks another when one fails", .timeLimit(.minutes(5)))
struct FailoverTests {
    private typealias Host = RoleHost<FakeScoring>

    /// Runs `body` with servers 0 and 1, their folder, and a maker of clients of some endpoints.
    private func withServers(
        _ body: ([Host], _ client: ([Int]) throws -> RequestClient) async throws -> Void
    ) async throws {
        let parent = try Files.makeTemporaryFolder(prefix: "limn-test")
        defer { try? Files.removeTree(parent) }
        let folder = try DataFolder.initialise("\(parent)/shop")
        try folder.prepareRunFolder()
        let keys = try Keys.load(folder, as: .client)
        let endpoints = Endpoints(folder: folder, configuration: Configuration())
        var hosts: [Host] = []
        for index in 0..<2 {
            hosts.append(try await Host.start(FakeScoring.self, folder: folder, index: index))
        }
        try await body(hosts) { indices in
            try RequestClient(endpoints: indices.map { endpoints.scoring($0) }, keys: keys)
        }
        for host in hosts { await host.stop() }
    }

    private func ask(
        _ client: RequestClient, timeout: Duration = .seconds(10)
    ) throws(RequestFailure) -> String {
        try client.ask(
            .profileRequest, ProfileRequest(), as: Profile.self, timeout: timeout
        ).userID
    }

    @Test func aServerThatIsNotThereIsPassedOver() async throws {
        try await withServers { _, makeClient in
            // Server 2 does not run; the first to be asked is random.
            for _ in 0..<8 {
                let client = try makeClient([2, 1])
                for _ in 0..<3 { #expect(try ask(client) == "from 1") }
                #expect(client.failovers == 0)
            }
        }
    }

    @Test(arguments: [ErrorCode.unavailable, .shuttingDown, .overloaded])
    func aRefusalThatAnotherMayNotShareIsTakenElsewhere(code: ErrorCode) async throws {
        try await withServers { hosts, makeClient in
            await hosts[0].role.become(.refusing(code))
            let client = try makeClient([0, 1])
            for _ in 0..<4 { #expect(try ask(client) == "from 1") }
            #expect(client.failovers <= 1)
            await hosts[0].role.become(.answering)
            await hosts[1].role.become(.refusing(code))
            #expect(try ask(client) == "from 0")
        }
    }

    @Test func anotherRefusalIsTheAnswer() async throws {
        try await withServers { hosts, makeClient in
            for host in hosts { await host.role.become(.refusing(.malformedBody)) }
            let client = try makeClient([0, 1])
            #expect(
                throws: RequestFailure.refused(.malformedBody, "told to refuse", retryAfterMs: 0)
            ) { try ask(client) }
            let questions = await hosts[0].role.questions + hosts[1].role.questions
            #expect(questions == 1)
        }
    }

    @Test func whatAllRefuseIsRefusedInTheEnd() async throws {
        try await withServers { hosts, makeClient in
            for host in hosts { await host.role.become(.refusing(.overloaded)) }
            let client = try makeClient([0, 1])
            #expect(
                throws: RequestFailure.refused(.overloaded, "told to refuse", retryAfterMs: 0)
            ) { try ask(client, timeout: .milliseconds(500)) }
            for host in hosts { #expect(await host.role.questions > 1) }
        }
    }

    @Test func aRefusalByTheOnlyServerIsNoFailover() async throws {
        try await withServers { hosts, makeClient in
            await hosts[1].role.become(.refusing(.overloaded))
            let client = try makeClient([2, 1])
            #expect(throws: RequestFailure.self) { try ask(client, timeout: .milliseconds(300)) }
            #expect(await hosts[1].role.questions > 1)
            #expect(client.failovers == 0)
        }
    }

    @Test func aSilentServerGetsItsShareOfTheTimeOnly() async throws {
        try await withServers { hosts, makeClient in
            await hosts[0].role.become(.silent)
            let client = try makeClient([0, 1])
            for _ in 0..<4 { #expect(try ask(client, timeout: .seconds(5)) == "from 1") }
            await hosts[1].role.become(.silent)
            #expect(throws: RequestFailure.timedOut) {
                try ask(client, timeout: .milliseconds(400))
            }
        }
    }

    @Test func aServerThatStopsLosesNoQuestion() async throws {
        try await withServers { hosts, makeClient in
            let client = try makeClient([0, 1])
            let present = try ask(client) == "from 0" ? 0 : 1
            await hosts[present].role.become(.silent)
            await hosts[present].role.stop()
            for _ in 0..<3 { #expect(try ask(client) == "from \(1 - present)") }
            #expect(client.failovers == 1)
        }
    }

    /// A refused handshake ends libzmq's session for good; only a new connection helps.
    @Test(arguments: [[0], [0, 2]])
    func aRefusedConnectionIsMadeAnew(endpoints: [Int]) async throws {
        try await withServers { hosts, makeClient in
            let authenticator = hosts[0].environment.authenticator
            authenticator.replaceUsers([:])
            let client = try makeClient(endpoints)
            #expect(throws: RequestFailure.self) { try ask(client, timeout: .milliseconds(300)) }
            #expect(authenticator.counts.refused > 0)
            authenticator.replaceUsers(hosts[0].environment.authorisation.users)
            #expect(try ask(client, timeout: .seconds(20)) == "from 0")
        }
    }

    @Test(arguments: [[0], [0, 2]])
    func onlyTheAnswerToTheQuestionIsTaken(endpoints: [Int]) async throws {
        try await withServers { hosts, makeClient in
            let client = try makeClient(endpoints)
            for mood in [FakeScoring.Mood.babbling, .late] {
                await hosts[0].role.become(mood)
                for _ in 0..<3 { #expect(try ask(client) == "from 0") }
            }
        }
    }

    @Test func theTimeIsSharedOut() {
        #expect(FailoverPace.share(of: .seconds(10)) == .seconds(4))
        #expect(FailoverPace.share(of: .milliseconds(200)) == .milliseconds(100))
        #expect(FailoverPace.share(of: .milliseconds(60)) == .milliseconds(60))
        #expect(FailoverPace.share(of: .zero) == .zero)
    }

    @Test func aBlockedLineIsMadeAnewOnceEachSecond() {
        var watch = LineWatch()
        let renewed = (0...35).filter { watch.noteBlocked(at: .milliseconds(Int64($0) * 100)) }
        #expect(renewed == [10, 20, 30])
        watch.noteSent()
        let later = [60_000, 60_999, 61_000].filter {
            watch.noteBlocked(at: .milliseconds(Int64($0)))
        }
        #expect(later == [61_000])
    }
}
