import Messages
import Synchronization
import System
import Testing
import ZeroMQ

@testable import Runtime

@Suite(
    "A role greets, reports, beats and ends as its supervisor says", .serialized,
    .timeLimit(.minutes(5)))
struct RoleShellTests {
    /// A supervisor's end of the control socket, driven by the test.
    final class Control {
        let socket: Socket
        var peer: RoutingID?

        init(_ environment: RoleEnvironment) throws {
            socket = try environment.bind(.controlServer, [environment.endpoints.control])
        }

        /// The next message of a kind; others are skipped.
        func expect(_ kind: Kind) throws -> [UInt8] {
            let deadline = Clock.monotonic() + .seconds(90)
            while Clock.monotonic() < deadline {
                guard let delivery = try socket.receiveDelivery() else {
                    _ = socket.waitReadable(milliseconds: 20)
                    continue
                }
                peer = delivery.sender
                let bytes = delivery.payload.copyBytes()
                let (header, body) = try Frame.decode(bytes.span)
                if header.kind == kind { return Array(bytes[body]) }
            }
            throw RequestFailure.timedOut
        }

        func send(_ kind: Kind, _ body: some WireMessage) throws {
            let peer = try #require(peer)
            try socket.send(to: peer, Frame.encode(Header(kind: kind), body: body))
        }
    }

    struct Stage {
        let environment: RoleEnvironment
        let control: Control
        let lifeline: (read: Int32, write: Int32)
        let signals: (read: Int32, write: Int32)
        let done: ExitLatch
        let shell: RoleShell<FakeIngest>
    }

    private func withStage(_ body: (Stage) async throws -> Void) async throws {
        let parent = try Files.makeTemporaryFolder(prefix: "limn-test")
        defer { try? Files.removeTree(parent) }
        let folder = try DataFolder.initialise("\(parent)/shop")
        var configuration = Configuration()
        configuration.log.level = .error
        let environment = try RoleEnvironment.make(
            .ingest, index: 0, folder: folder, configuration: configuration)
        let lifeline = try Descriptor.pipe().release()
        let signals = try Descriptor.pipe().release()
        let done = try ExitLatch()
        let shell = RoleShell<FakeIngest>(
            environment, descriptors: (signals.read, lifeline.read), done: done)
        let stage = Stage(
            environment: environment, control: try Control(environment), lifeline: lifeline,
            signals: signals, done: done, shell: shell)
        Task { await shell.begin() }
        try await body(stage)
        environment.end()
        for raw in [lifeline.read, signals.read, signals.write] { _ = Descriptor(owning: raw) }
    }

    private func welcome(_ stage: Stage) throws {
        let hello = try Hello(decoding: stage.control.expect(.hello))
        #expect(hello.role == "ingest" && hello.index == 0)
        #expect(hello.pid == UInt32(ProcessFacts.currentPid()))
        var welcome = Welcome()
        welcome.version = 1
        welcome.aliveEveryMs = 100
        try stage.control.send(.welcome, welcome)
    }

    @Test func theWholeLifeUntilAskedToStop() async throws {
        try await withStage { stage in
            try welcome(stage)
            let ready = try Ready(decoding: stage.control.expect(.ready))
            #expect(ready.endpoints == [stage.environment.endpoints.ingest])
            let alive = try Alive(decoding: stage.control.expect(.alive))
            let names = alive.counters.map(\.name)
            #expect(names.contains("process.rss_bytes"))
            try stage.control.send(.stop, Stop())
            _ = try stage.control.expect(.stopping)
            #expect(stage.done.wait(lifeline: -1, grace: .zero) == 0)
            _ = Descriptor(owning: stage.lifeline.write)
        }
    }

    @Test func aCutLifelineEndsIt() async throws {
        try await withStage { stage in
            try welcome(stage)
            _ = try stage.control.expect(.ready)
            _ = Descriptor(owning: stage.lifeline.write)
            #expect(stage.done.wait(lifeline: -1, grace: .zero) == 0)
        }
    }

    @Test func anotherVersionEndsItForGood() async throws {
        try await withStage { stage in
            _ = try stage.control.expect(.hello)
            var welcome = Welcome()
            welcome.version = 2
            try stage.control.send(.welcome, welcome)
            #expect(stage.done.wait(lifeline: -1, grace: .zero) == 78)
            _ = Descriptor(owning: stage.lifeline.write)
        }
    }

    @Test func aFailedStartEndsWithItsClass() async throws {
        try await withStage { stage in
            let path = stage.environment.folder.path
            FakeIngest.faults.withLock { $0[path] = FakeIngest.Faults(failStart: true) }
            try welcome(stage)
            #expect(stage.done.wait(lifeline: -1, grace: .zero) == 78)
            _ = Descriptor(owning: stage.lifeline.write)
        }
    }

    @Test func anOrphanWithAStuckLoopEndsAllTheSame() throws {
        let (read, write) = try Descriptor.pipe().release()
        let done = try ExitLatch()
        _ = Descriptor(owning: write)
        #expect(done.wait(lifeline: read, grace: .milliseconds(10)) == 75)
        _ = Descriptor(owning: read)
    }

    @Test func aPortInUseIsNamedWithItsKey() throws {
        let parent = try Files.makeTemporaryFolder(prefix: "limn-test")
        defer { try? Files.removeTree(parent) }
        let folder = try DataFolder.initialise("\(parent)/shop")
        let environment = try RoleEnvironment.make(
            .ingest, index: 0, folder: folder, configuration: Configuration())
        defer { environment.end() }
        let first = try environment.bind(.eventServer, ["tcp://127.0.0.1:47411"])
        do throws(StartFailure) {
            _ = try environment.bind(.eventServer, ["tcp://127.0.0.1:47411"])
            Issue.record("bound twice")
        } catch {
            #expect(error.exit == .configuration)
            #expect(error.message.contains("port 47411") && error.hint.contains("ingest.listen"))
        }
        _ = consume first
    }

    @Test func flagsAreChecked() throws {
        let good = try RoleArguments.parse(["--folder", "/a", "--index", "3", "--standalone"])
        #expect(good.folder == "/a" && good.index == 3 && good.isStandalone)
        for bad in [[], ["--folder"], ["--folder", "/a", "--index", "64"], ["--foldr", "/a"]] {
            #expect(throws: StartFailure.self) { try RoleArguments.parse(bad) }
        }
    }
}
