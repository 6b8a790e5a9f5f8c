import Runtime
import System
import Testing

@testable import Supervision

@Suite(
    "A cluster starts in order, stops in reverse, and outlives one role", .timeLimit(.minutes(5)))
struct ClusterPlanTests {
    private func slots(_ steps: [ClusterPlan.Step], _ action: RoleLifecycle.Action) -> [String] {
        steps.filter { $0.action == action }.map { "\($0.slot)" }
    }

    private func readyPlan(_ configuration: Configuration = .init()) -> ClusterPlan {
        var plan = ClusterPlan(configuration: configuration)
        var steps = plan.start(at: .zero)
        while let slot = steps.first(where: { $0.action == .spawn })?.slot {
            for spawned in steps where spawned.action == .spawn {
                _ = plan.handle(.greeted, spawned.slot, at: .zero)
            }
            var next: [ClusterPlan.Step] = []
            for each in plan.slots where each.kind == slot.kind {
                next += plan.handle(.ready, each, at: .zero)
            }
            steps = next
        }
        return plan
    }

    @Test func rolesStartOneKindAfterTheOther() {
        var configuration = Configuration()
        configuration.features.workers = 2
        var plan = ClusterPlan(configuration: configuration)
        #expect(slots(plan.start(at: .zero), .spawn) == ["ingest-0"])
        #expect(plan.state == .starting)
        let second = plan.handle(.ready, Slot(.ingest, 0), at: .zero)
        #expect(slots(second, .spawn) == ["features-0", "features-1"])
        #expect(slots(plan.handle(.ready, Slot(.features, 0), at: .zero), .spawn) == [])
        let third = plan.handle(.ready, Slot(.features, 1), at: .zero)
        #expect(slots(third, .spawn) == ["trainer-0"])
        let fourth = plan.handle(.ready, Slot(.trainer, 0), at: .zero)
        #expect(slots(fourth, .spawn) == ["scoring-0"])
        _ = plan.handle(.ready, Slot(.scoring, 0), at: .zero)
        #expect(plan.state == .ready)
    }

    @Test func aRoleThatDiesAtItsFirstStartDoesNotHoldTheOthersUp() {
        var plan = ClusterPlan(configuration: Configuration())
        _ = plan.start(at: .zero)
        let steps = plan.handle(.exited(.exited(70)), Slot(.ingest, 0), at: .zero)
        #expect(slots(steps, .spawn) == ["features-0"])
    }

    @Test func aMistakeAtTheFirstStartEndsTheWholeWithItsCode() {
        var plan = ClusterPlan(configuration: Configuration())
        _ = plan.start(at: .zero)
        _ = plan.handle(.exited(.exited(78)), Slot(.ingest, 0), at: .zero)
        #expect(plan.state == .stopped)
        #expect(plan.exit == 78 && plan.culprit == Slot(.ingest, 0))
    }

    @Test func aLaterFailureOnlyDegrades() {
        var plan = readyPlan()
        _ = plan.handle(.exited(.exited(78)), Slot(.trainer, 0), at: .seconds(1))
        #expect(plan.state == .degraded)
        #expect(plan.roles[Slot(.scoring, 0)]?.state == .ready(since: .zero))
        #expect(plan.exit == 0)
    }

    @Test func stoppingGoesBackwards() {
        var plan = readyPlan()
        #expect(slots(plan.stop(at: .zero), .askToStop) == ["scoring-0"])
        #expect(plan.state == .stopping)
        for (stopped, next) in [("scoring", ["trainer-0"]), ("trainer", ["features-0"])] {
            let kind = RoleKind(rawValue: stopped) ?? .ingest
            let steps = plan.handle(.exited(.exited(0)), Slot(kind, 0), at: .seconds(1))
            #expect(slots(steps, .askToStop) == next)
        }
        let last = plan.handle(.exited(.exited(0)), Slot(.features, 0), at: .seconds(2))
        #expect(slots(last, .askToStop) == ["ingest-0"])
        _ = plan.handle(.exited(.signalled(9)), Slot(.ingest, 0), at: .seconds(3))
        #expect(plan.state == .stopped)
    }

    @Test func nothingIsRestartedWhileStopping() {
        var plan = readyPlan()
        _ = plan.stop(at: .zero)
        _ = plan.handle(.exited(.signalled(9)), Slot(.ingest, 0), at: .zero)
        var steps: [ClusterPlan.Step] = []
        for second in 1...10 { steps += plan.tick(at: .seconds(second), jitter: 0) }
        #expect(slots(steps, .spawn) == [])
    }

    @Test func aHealedRoleMakesTheClusterReadyAgain() {
        var plan = readyPlan()
        _ = plan.handle(.exited(.signalled(9)), Slot(.features, 0), at: .seconds(1))
        #expect(plan.state == .degraded)
        let steps = plan.tick(at: .milliseconds(1200), jitter: 0)
        #expect(slots(steps, .spawn) == ["features-0"])
        _ = plan.handle(.ready, Slot(.features, 0), at: .seconds(2))
        #expect(plan.state == .ready)
        #expect(plan.roles[Slot(.features, 0)]?.restarts == 1)
    }
}
