import System
import Testing

@Suite(
    "Children start clean, are known by pidfd and never outlive their group",
    .timeLimit(.minutes(5)))
struct ChildProcessTests {
    private func shell(_ script: String) -> SpawnRequest {
        SpawnRequest(path: "/bin/sh", arguments: ["-c", script])
    }

    @Test func exitCodesAndSignalsAreTold() throws {
        let seven = try ChildProcess.spawn(shell("exit 7"))
        #expect(seven.wait(timeout: .seconds(10)) == .exited(7))
        let sleeper = try ChildProcess.spawn(shell("sleep 100"))
        #expect(sleeper.poll() == nil)
        sleeper.signalGroup(Signals.kill)
        #expect(sleeper.wait(timeout: .seconds(10)) == .signalled(Signals.kill))
    }

    @Test func aMissingProgramIsAnError() {
        #expect(throws: SystemError(call: "posix_spawn", code: 2, path: "/nowhere")) {
            try ChildProcess.spawn(SpawnRequest(path: "/nowhere"))
        }
    }

    @Test func onlyTheLifelineIsInherited() throws {
        let folder = try Files.makeTemporaryFolder(prefix: "limn-test")
        defer { try? Files.removeTree(folder) }
        let out = try Descriptor.appending("\(folder)/out")
        let pipe = try Descriptor.pipe()
        var request = shell("for n in 3 4 5 6 7 8 9; do [ -e /proc/$$/fd/$n ] && echo $n; done")
        request.output = out.raw
        request.lifeline = pipe.read.raw
        let child = try ChildProcess.spawn(request)
        _ = child.wait(timeout: .seconds(10))
        #expect(try Files.readText("\(folder)/out") == "3\n")
    }

    @Test func theLifelineEndsWithItsHolderThoughChildrenLive() throws {
        let (read, write) = try Descriptor.pipe().release()
        var request = shell("sleep 1000")
        request.lifeline = read
        let child = try ChildProcess.spawn(request)
        #expect(!Descriptor.isHungUp(read))
        _ = Descriptor(owning: write)
        #expect(Descriptor.isHungUp(read), "the child holds the write end")
        #expect(child.poll() == nil)
        child.signalGroup(Signals.kill)
        _ = child.wait(timeout: .seconds(10))
        _ = Descriptor(owning: read)
    }

    @Test func signalsReachTheWholeGroup() throws {
        let folder = try Files.makeTemporaryFolder(prefix: "limn-test")
        defer { try? Files.removeTree(folder) }
        let child = try ChildProcess.spawn(
            shell(
                "sleep 1000 & echo $! > \(folder)/pid.tmp; mv \(folder)/pid.tmp \(folder)/pid; wait"
            ))
        try wait { Files.exists("\(folder)/pid") }
        let text = try Files.readText("\(folder)/pid").filter { $0 != "\n" }
        let grandchild = try #require(Int32(text))
        #expect(ProcessFacts.startTicks(pid: grandchild) != nil)
        child.signalGroup(Signals.kill)
        _ = child.wait(timeout: .seconds(10))
        try wait { ProcessFacts.startTicks(pid: grandchild) == nil }
    }

    @Test func leftoversAreKilledOnlyWhenTheStartTimeFits() throws {
        let child = try ChildProcess.spawn(shell("sleep 1000"))
        #expect(!ChildProcess.killLeftover(pid: child.pid, startTicks: child.startTicks + 1))
        #expect(child.poll() == nil)
        #expect(ChildProcess.killLeftover(pid: child.pid, startTicks: child.startTicks))
        #expect(child.wait(timeout: .seconds(10)) == .signalled(Signals.kill))
    }

    @Test func ignoredSignalsAreNotInherited() throws {
        Signals.ignoreBrokenPipes()
        let child = try ChildProcess.spawn(shell("kill -PIPE $$; exit 0"))
        let status = try #require(child.wait(timeout: .seconds(10)))
        #expect(status.description == "SIGPIPE")
    }

    private func wait(_ condition: () -> Bool) throws {
        let deadline = Clock.monotonic() + .seconds(10)
        while !condition() {
            try #require(Clock.monotonic() < deadline, "the condition never came true")
            Clock.pause(.milliseconds(5))
        }
    }
}
