import Runtime
import System
import Testing

@testable import Supervision

@Suite("The life of a role follows its rules in simulated time", .timeLimit(.minutes(5)))
struct RoleLifecycleTests {
    private let limits = Configuration.Supervisor()

    private func signals(_ actions: [RoleLifecycle.Action]) -> [RoleLifecycle.Action] {
        actions.filter { if case .report = $0 { false } else { true } }
    }

    private func readyRole(at now: Duration) -> RoleLifecycle {
        var role = RoleLifecycle(limits: limits)
        #expect(role.handle(.start, at: now) == [.spawn])
        _ = role.handle(.greeted, at: now)
        _ = role.handle(.ready, at: now)
        #expect(role.state == .ready(since: now))
        return role
    }

    /// Ticks with a sign of life in each until the condition holds; returns when that was.
    private func run(
        _ role: inout RoleLifecycle, from now: Duration, alive: Bool = false,
        until condition: (RoleLifecycle, [RoleLifecycle.Action]) -> Bool
    ) -> Duration? {
        var time = now
        for _ in 0..<10_000 {
            time += .milliseconds(50)
            if alive { _ = role.handle(.alive, at: time) }
            let actions = role.handle(.tick, at: time)
            if condition(role, actions) { return time }
        }
        return nil
    }

    @Test func aLongStartThatGetsOnIsNotAborted() {
        var role = RoleLifecycle(limits: limits)
        _ = role.handle(.start, at: .zero)
        var now = Duration.zero
        for step in 1...240 as ClosedRange<UInt64> {
            now += .milliseconds(500)
            _ = role.handle(.alive, at: now)
            _ = role.handle(.worked(progress: step, waiting: 0), at: now)
            #expect(signals(role.handle(.tick, at: now)) == [])
        }
        // Alive but no further: the loop turns, the start stands.
        let stood = run(&role, from: now, alive: true) { !signals($1).isEmpty }
        #expect(stood.map { $0 - now >= limits.readyTimeout } == true)
        #expect(stood.map { $0 - now <= limits.readyTimeout + .seconds(1) } == true)
    }

    @Test func pausesDoubleUpToTheLimit() {
        var generous = limits
        generous.restartsMax = 100
        var role = RoleLifecycle(limits: generous)
        _ = role.handle(.start, at: .zero)
        var now = Duration.zero
        var pauses: [Int64] = []
        for _ in 0..<8 {
            _ = role.handle(.exited(.signalled(9)), at: now)
            guard case .backingOff(let until) = role.state else { break }
            pauses.append((until - now).milliseconds)
            now = until
            #expect(role.handle(.tick, at: now - .milliseconds(1)) == [])
            #expect(role.handle(.tick, at: now) == [.spawn])
        }
        #expect(pauses == [100, 200, 400, 800, 1600, 3200, 5000, 5000])
        #expect(role.restarts == 8)
    }

    @Test(arguments: [(-1.0, 80), (0.0, 100), (1.0, 120), (5.0, 120)])
    func jitterIsAFifth(jitter: Double, milliseconds: Int64) {
        var role = RoleLifecycle(limits: limits)
        _ = role.handle(.start, at: .zero)
        _ = role.handle(.exited(.exited(70)), at: .zero, jitter: jitter)
        #expect(role.state == .backingOff(until: .milliseconds(milliseconds)))
    }

    @Test func aHealthySecondForgetsThePauses() {
        var role = RoleLifecycle(limits: limits)
        _ = role.handle(.start, at: .zero)
        _ = role.handle(.exited(.exited(70)), at: .zero)
        _ = role.handle(.tick, at: .milliseconds(100))
        _ = role.handle(.ready, at: .milliseconds(200))
        _ = role.handle(.exited(.exited(70)), at: .milliseconds(1199))
        #expect(role.state == .backingOff(until: .milliseconds(1399)))
        _ = role.handle(.tick, at: .milliseconds(1399))
        _ = role.handle(.ready, at: .seconds(2))
        _ = role.handle(.exited(.exited(70)), at: .seconds(3))
        #expect(role.state == .backingOff(until: .milliseconds(3100)))
    }

    @Test func aStormOfKillsNeverFailsARoleThatWorksInBetween() {
        var role = RoleLifecycle(limits: limits)
        _ = role.handle(.start, at: .zero)
        var now = Duration.zero
        for _ in 0..<100 {
            _ = role.handle(.ready, at: now)
            now += .milliseconds(1100)
            _ = role.handle(.exited(.signalled(9)), at: now)
            #expect(role.state == .backingOff(until: now + .milliseconds(100)))
            now += .milliseconds(100)
            #expect(role.handle(.tick, at: now) == [.spawn])
        }
    }

    @Test func sixDeathsInThirtySecondsFailAndAreRetriedEachMinute() throws {
        var role = RoleLifecycle(limits: limits)
        _ = role.handle(.start, at: .zero)
        var now = Duration.zero
        for _ in 0..<5 {
            _ = role.handle(.exited(.signalled(11)), at: now)
            guard case .backingOff(let until) = role.state else {
                Issue.record("failed too early: \(role.state)")
                return
            }
            now = until
            _ = role.handle(.tick, at: now)
        }
        _ = role.handle(.exited(.signalled(11)), at: now)
        #expect(role.state == .failed(retryAt: now + .seconds(60)))
        let retried = run(&role, from: now) { _, actions in actions == [.spawn] }
        #expect(try #require(retried) - now == .seconds(60))
        // A retry that dies at once waits a minute again, not for five more deaths.
        _ = role.handle(.exited(.signalled(11)), at: now + .seconds(61))
        #expect(role.state == .failed(retryAt: now + .seconds(121)))
    }

    @Test(arguments: [Int32(64), 65, 78])
    func configurationFailuresAreNotRetried(code: Int32) {
        var role = readyRole(at: .zero)
        _ = role.handle(.exited(.exited(code)), at: .seconds(1))
        #expect(role.state == .failed(retryAt: nil))
        #expect(role.handle(.tick, at: .seconds(10_000)) == [])
    }

    @Test(arguments: [Int32(0), 69, 70, 74, 75, 77, 1])
    func otherExitsAreRetried(code: Int32) {
        var role = readyRole(at: .zero)
        _ = role.handle(.exited(.exited(code)), at: .seconds(1))
        guard case .backingOff = role.state else {
            Issue.record("\(role.state)")
            return
        }
        #expect(role.lastExit == "exit \(code)")
    }

    @Test func aRoleThatIsNeverReadyIsAbortedThenKilled() throws {
        var role = RoleLifecycle(limits: limits)
        _ = role.handle(.start, at: .zero)
        let aborted = run(&role, from: .zero, alive: true) { _, actions in
            actions.contains(.signal(Signals.abort))
        }
        #expect(aborted == .seconds(20))
        let killed = run(&role, from: .seconds(20)) { _, actions in
            actions == [.signal(Signals.kill)]
        }
        #expect(killed == .seconds(22))
        let again = run(&role, from: .seconds(22)) { _, actions in !actions.isEmpty }
        #expect(again == nil, "one SIGKILL is enough")
    }

    @Test func silenceIsAborted() {
        var role = readyRole(at: .zero)
        let talking = run(&role, from: .zero, alive: true) { _, actions in !actions.isEmpty }
        #expect(talking == nil)
        let start = Duration.milliseconds(500_000)
        let aborted = run(&role, from: start) { _, actions in
            actions.contains(.signal(Signals.abort))
        }
        #expect(aborted == start + .seconds(5))
    }

    @Test func aSupervisorThatSleptBlamesItself() {
        var role = readyRole(at: .zero)
        _ = role.handle(.tick, at: .milliseconds(50))
        #expect(role.handle(.tick, at: .seconds(100)) == [])
        #expect(role.state == .ready(since: .zero))
        let aborted = run(&role, from: .seconds(100)) { _, actions in !actions.isEmpty }
        #expect(aborted.map { $0 > .seconds(104) } == true)
    }

    @Test func stoppingAsksThenTerminatesThenKills() {
        var role = readyRole(at: .zero)
        #expect(role.handle(.stop, at: .seconds(1)) == [.askToStop])
        #expect(role.handle(.stop, at: .seconds(2)) == [])
        let terminated = run(&role, from: .seconds(1)) { _, actions in
            actions.contains(.signal(Signals.terminate))
        }
        #expect(terminated == .seconds(6))
        let killed = run(&role, from: .seconds(6)) { _, actions in
            actions.contains(.signal(Signals.kill))
        }
        #expect(killed == .seconds(11))
        _ = role.handle(.exited(.signalled(9)), at: .seconds(12))
        #expect(role.state == .stopped)
        #expect(role.handle(.tick, at: .seconds(13)) == [])
    }

    @Test func aRoleThatNeverGreetedIsTerminated() {
        var role = RoleLifecycle(limits: limits)
        _ = role.handle(.start, at: .zero)
        #expect(role.handle(.stop, at: .seconds(1)) == [.signal(Signals.terminate)])
    }

    @Test func stoppingWhileNothingRunsIsDoneAtOnce() {
        var role = RoleLifecycle(limits: limits)
        #expect(role.handle(.stop, at: .zero) == [])
        #expect(role.state == .stopped)
        var dead = readyRole(at: .zero)
        _ = dead.handle(.exited(.exited(1)), at: .zero)
        #expect(dead.handle(.stop, at: .zero) == [])
        #expect(dead.state == .stopped)
    }

    @Test func aFailedSpawnCountsAsADeath() {
        var role = RoleLifecycle(limits: limits)
        _ = role.handle(.start, at: .zero)
        _ = role.handle(.spawnFailed("no such file"), at: .zero)
        #expect(role.state == .backingOff(until: .milliseconds(100)))
    }

    /// Every sequence of six events: no trap, one process at most, and a stop always ends.
    @Test func everySequenceOfEventsEndsWhenStopped() {
        let events: [RoleLifecycle.Event] = [
            .spawned, .greeted, .ready, .alive, .exited(.exited(70)), .exited(.exited(78)),
            .exited(.signalled(9)), .stop, .tick, .spawnFailed("x"),
            .worked(progress: 1, waiting: 5),
        ]
        var checked = 0
        func extend(_ role: RoleLifecycle, depth: Int, now: Duration) {
            var ending = role
            var time = now
            _ = ending.handle(.stop, at: time)
            for _ in 0..<40 where ending.isRunning {
                time += .seconds(1)
                _ = ending.handle(.tick, at: time)
            }
            if ending.isRunning { _ = ending.handle(.exited(.signalled(9)), at: time) }
            if ending.state != .stopped { Issue.record("not stopped: \(ending.state)") }
            checked += 1
            guard depth > 0 else { return }
            for event in events {
                var next = role
                let wasRunning = next.isRunning
                let actions = next.handle(event, at: now + .seconds(3))
                if actions.contains(.spawn) && wasRunning { Issue.record("two processes") }
                if next.isRunning && !wasRunning && !actions.contains(.spawn) {
                    Issue.record("running without a process after \(event)")
                }
                extend(next, depth: depth - 1, now: now + .seconds(3))
            }
        }
        var role = RoleLifecycle(limits: limits)
        _ = role.handle(.start, at: .zero)
        extend(role, depth: 4, now: .zero)
        #expect(checked == 16_105)
    }
}
