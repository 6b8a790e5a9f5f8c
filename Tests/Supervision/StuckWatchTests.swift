import Runtime
import System
import Testing

@testable import Supervision

@Suite("A role that is alive but does no work is stuck", .timeLimit(.minutes(5)))
struct StuckWatchTests {
    private let limits = Configuration.Supervisor()

    private func readyRole() -> RoleLifecycle {
        var role = RoleLifecycle(limits: limits)
        _ = role.handle(.start, at: .zero)
        _ = role.handle(.greeted, at: .zero)
        _ = role.handle(.ready, at: .zero)
        return role
    }

    /// One sign of life each second with what `work` says, ticks between; the first fault.
    private func run(
        _ role: inout RoleLifecycle, from start: Int = 0, seconds: Int,
        work: (Int) -> (progress: UInt64, waiting: UInt64)
    ) -> (at: Duration, actions: [RoleLifecycle.Action])? {
        for second in start..<start + seconds {
            let now = Duration.seconds(second)
            let (progress, waiting) = work(second)
            _ = role.handle(.alive, at: now)
            _ = role.handle(.worked(progress: progress, waiting: waiting), at: now)
            for tick in 0..<20 {
                let time = now + .milliseconds(50 * tick)
                let actions = role.handle(.tick, at: time)
                if !actions.isEmpty { return (time, actions) }
            }
        }
        return nil
    }

    @Test func waitingWorkWithoutProgressIsAFailure() throws {
        var role = readyRole()
        let found = try #require(run(&role, seconds: 100) { _ in (7, 1200) })
        #expect(found.at == .seconds(30))
        #expect(
            found.actions == [
                .report(.error, "no progress for 30 s while 1200 wait"), .signal(Signals.abort),
            ])
        #expect(role.state == .aborting(since: .seconds(30), killed: false))
        let killed = run(&role, from: 30, seconds: 5) { _ in (7, 1200) }
        #expect(killed?.actions == [.signal(Signals.kill)] && killed?.at == .seconds(32))
    }

    @Test func idleRolesAndSlowOnesAreLeftAlone() {
        var idle = readyRole()
        #expect(run(&idle, seconds: 1000) { _ in (7, 0) } == nil)
        var slow = readyRole()
        #expect(run(&slow, seconds: 1000) { (UInt64($0 / 29), 5) } == nil)
        // Always something that waits, but never the same for long.
        var bursts = readyRole()
        #expect(run(&bursts, seconds: 1000) { (7, $0 % 20 == 0 ? 0 : 3) } == nil)
        // A counter that begins anew has moved as well.
        var restarted = readyRole()
        #expect(run(&restarted, seconds: 50) { ($0 < 25 ? 900 : 0, 5) } == nil)
    }

    @Test func moreWorkIsNoProgress() throws {
        var role = readyRole()
        let found = try #require(run(&role, seconds: 100) { (7, UInt64($0) * 100 + 1) })
        #expect(found.at == .seconds(30))
    }

    @Test func aSupervisorThatSleptBlamesItself() throws {
        var role = readyRole()
        #expect(run(&role, seconds: 20) { _ in (7, 5) } == nil)
        // Frozen for ten minutes; the role's beats are waiting in the socket.
        #expect(role.handle(.tick, at: .seconds(620)) == [])
        let found = try #require(run(&role, from: 620, seconds: 100) { _ in (7, 5) })
        #expect(found.at > .seconds(629) && found.at <= .seconds(631))
    }

    @Test func aStartingRoleIsNotJudged() {
        var role = RoleLifecycle(limits: limits)
        _ = role.handle(.start, at: .zero)
        _ = role.handle(.greeted, at: .zero)
        let found = run(&role, seconds: 19) { _ in (0, 1_000_000) }
        #expect(found == nil)
        // Nor is what it said then held against it once it is ready.
        _ = role.handle(.ready, at: .seconds(19))
        let later = run(&role, from: 19, seconds: 29) { _ in (1, 1_000_000) }
        #expect(later == nil)
    }

    @Test func aNewProcessBeginsWithACleanSheet() {
        var role = readyRole()
        #expect(run(&role, seconds: 29) { _ in (7, 5) } == nil)
        _ = role.handle(.exited(.signalled(9)), at: .seconds(29))
        _ = role.handle(.tick, at: .milliseconds(29_500))
        _ = role.handle(.ready, at: .seconds(30))
        #expect(run(&role, from: 30, seconds: 29) { _ in (7, 5) } == nil)
    }
}
