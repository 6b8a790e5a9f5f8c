import Messages
import Runtime
import System
import Testing
import ZeroMQ

@testable import Supervision

@Suite(
    "The supervisor heals, stops and answers with real children", .serialized,
    .timeLimit(.minutes(5)))
struct SupervisorTests {
    struct Stage {
        let folder: DataFolder
        let environment: RoleEnvironment
        let supervisor: Supervisor
        let done: ExitLatch
    }

    /// Children are shell scripts: they never greet, so all of them stay "starting".
    private func withSupervisor(
        _ scripts: [RoleKind: String], _ body: (Stage) async throws -> Void
    ) async throws {
        let parent = try Files.makeTemporaryFolder(prefix: "limn-test")
        defer { try? Files.removeTree(parent) }
        let folder = try DataFolder.initialise("\(parent)/shop")
        for kind in RoleKind.allCases {
            let script = "#!/bin/sh\n\(scripts[kind] ?? "exec sleep 1000")\n"
            try Files.writeAtomically(
                "\(parent)/\(kind.executable)", Array(script.utf8), mode: 0o700)
        }
        var configuration = Configuration()
        configuration.supervisor.backoffFirst = .milliseconds(20)
        configuration.supervisor.stopGrace = .milliseconds(300)
        configuration.supervisor.restartsMax = 1000
        // The stand-ins never become ready, and a busy machine may take its time for a test.
        configuration.supervisor.readyTimeout = .seconds(600)
        configuration.log.level = .error
        configuration.supervisor.http = ""
        let environment = try RoleEnvironment.make(
            name: "supervisor", folder: folder, configuration: configuration)
        let done = try ExitLatch()
        let supervisor = try Supervisor(
            environment, programs: parent, isVerbose: false, done: done)
        try await supervisor.begin(signals: -1)
        try await body(
            Stage(
                folder: folder, environment: environment, supervisor: supervisor, done: done))
        await supervisor.stop("the test ends")
        _ = done.wait(lifeline: -1, grace: .zero)
        environment.end()
    }

    private func wait<T: Sendable>(
        _ stage: Stage, _ condition: (Status) throws -> T?
    ) async throws -> T {
        let deadline = Clock.monotonic() + .seconds(15)
        while Clock.monotonic() < deadline {
            if let found = try condition(await stage.supervisor.status()) { return found }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw RequestFailure.timedOut
    }

    @Test func aKilledChildIsStartedAgain() async throws {
        try await withSupervisor([:]) { stage in
            let first = try await wait(stage) { $0.roles[0].pid > 0 ? $0.roles[0].pid : nil }
            let ticks = try #require(ProcessFacts.startTicks(pid: Int32(first)))
            #expect(ChildProcess.killLeftover(pid: Int32(first), startTicks: ticks))
            let second = try await wait(stage) { status in
                let role = status.roles[0]
                return role.pid > 0 && role.pid != first ? role : nil
            }
            #expect(second.restarts == 1 && second.lastExit == "SIGKILL")
        }
    }

    @Test func theRunRecordNamesTheChildrenAndLeftoversAreKilled() async throws {
        try await withSupervisor([:]) { stage in
            let pid = try await wait(stage) { $0.roles[0].pid > 0 ? $0.roles[0].pid : nil }
            let record = try Files.readText(stage.folder.runRecordFile)
            #expect(record.hasPrefix("\(pid) ") && record.hasSuffix(" ingest-0\n"))
            let killed = ChildTable.killLeftovers(stage.folder, timeout: .seconds(5))
            #expect(killed == ["ingest-0 (pid \(pid))"])
        }
    }

    @Test func stoppingEndsWithNoChildLeft() async throws {
        try await withSupervisor([.ingest: "trap '' TERM; while :; do sleep 0.1; done"]) { stage in
            let pid = try await wait(stage) { $0.roles[0].pid > 0 ? $0.roles[0].pid : nil }
            await stage.supervisor.stop("test")
            #expect(stage.done.wait(lifeline: -1, grace: .zero) == 0)
            #expect(ProcessFacts.startTicks(pid: Int32(pid)) == nil, "SIGTERM was ignored")
        }
    }

    @Test func aConfigurationMistakeEndsTheStart() async throws {
        try await withSupervisor([.ingest: "echo 'x error ingest-0: port 1 in use' >&2; exit 78"]) {
            stage in
            #expect(stage.done.wait(lifeline: -1, grace: .zero) == 78)
            let log = stage.folder.roleLogFile(.ingest, 0)
            #expect(LogTail.lastProblem(in: log) == "x error ingest-0: port 1 in use")
        }
    }

    @Test func operatorsAreAnsweredAndStrangersRefused() async throws {
        try await withSupervisor([:]) { stage in
            let endpoint = stage.environment.endpoints.control
            let person = try RequestClient(
                endpoint: endpoint, keys: Keys.load(stage.folder, as: .operator),
                role: .controlClient)
            let status = try person.ask(.statusRequest, StatusRequest(), as: Status.self)
            #expect(status.state == "starting" && status.roles.count == 4)
            #expect(status.roles[0].state == "starting" && status.roles[3].state == "waiting")
            let client = try RequestClient(
                endpoint: endpoint, keys: Keys.load(stage.folder, as: .client),
                role: .controlClient)
            do throws(RequestFailure) {
                _ = try client.ask(.stop, Stop(), as: Stopping.self)
                Issue.record("a client stopped the cluster")
            } catch {
                guard case .refused(.notAuthorised, _, _) = error else {
                    Issue.record("\(error)")
                    return
                }
            }
            _ = try person.ask(.stop, Stop(), as: Stopping.self)
            #expect(stage.done.wait(lifeline: -1, grace: .zero) == 0)
        }
    }

    @Test func flagsAreChecked() throws {
        let good = try SupervisorArguments.parse(["--folder", "/a", "--check"])
        #expect(good.folder == "/a" && good.checksOnly)
        do throws(StartFailure) {
            _ = try SupervisorArguments.parse(["--folder", "/a", "--chek"])
            Issue.record("accepted")
        } catch {
            #expect(error.hint == "did you mean --check?")
        }
    }

    @Test func theSecondSupervisorIsToldWhoHoldsTheFolder() throws {
        let parent = try Files.makeTemporaryFolder(prefix: "limn-test")
        defer { try? Files.removeTree(parent) }
        let folder = try DataFolder.initialise("\(parent)/shop")
        let lock = try SupervisorLock.take(folder)
        do throws(StartFailure) {
            _ = try SupervisorLock.take(folder)
            Issue.record("locked twice")
        } catch {
            #expect(error.exit == .unavailable)
            #expect(error.message.contains("pid \(ProcessFacts.currentPid()),"))
        }
        _ = consume lock
    }
}
