import Runtime
import Testing

@testable import Supervision

@Suite("Processes come, go and start anew, and somebody always serves")
struct FleetPlanTests {
    /// Processes that do what they are told, each after a while.
    struct Fleet {
        var plan: FleetPlan
        var slots: [Slot]
        var ready: Set<Slot>
        var restarting: Set<Slot> = []
        /// Workers that may have partitions.
        var sharing: Set<Int> = []
        /// Workers that have some.
        var holding: Set<Int> = []
        var now: Duration = .zero
        var history: [String] = []
        var isBroken = false

        init(features: Int, scoring: Int) {
            var configuration = Configuration()
            configuration.features.workers = features
            configuration.scoring.processes = scoring
            plan = FleetPlan(configuration: configuration)
            slots = [Slot(.ingest, 0), Slot(.trainer, 0)]
            slots += (0..<features).map { Slot(.features, $0) }
            slots += (0..<scoring).map { Slot(.scoring, $0) }
            ready = Set(slots)
            sharing = Set(0..<features)
            holding = sharing
        }

        var facts: FleetPlan.Facts {
            var facts = FleetPlan.Facts()
            facts.slots = slots
            facts.ready = ready
            facts.restarting = restarting
            facts.clear = Set(slots.filter { $0.kind == .features }.map(\.index))
                .subtracting(holding)
            facts.isBalanced = holding == sharing
            return facts
        }

        /// One round: steps are obeyed, then everything under way comes to its end.
        mutating func round() {
            for step in plan.advance(facts, at: now) { obey(step) }
            now += .milliseconds(100)
            // Partitions are never with nobody: they go where somebody serves.
            let takers = sharing.filter { ready.contains(Slot(.features, $0)) }
            if !takers.isEmpty { holding = takers }
            if isBroken { return }
            ready.formUnion(slots)
            restarting = []
        }

        private mutating func obey(_ step: FleetPlan.Step) {
            switch step {
            case .add(let slot):
                slots.append(slot)
                if slot.kind == .features { sharing.insert(slot.index) }
                history.append("+\(slot)")
            case .handOver(let slot): sharing.remove(slot.index)
            case .takeBack(let slot): sharing.insert(slot.index)
            case .retire(let slot):
                if slot.kind == .features {
                    #expect(!holding.contains(slot.index), "retired with partitions")
                    sharing.remove(slot.index)
                }
                slots.removeAll { $0 == slot }
                ready.remove(slot)
                history.append("-\(slot)")
            case .restart(let slot):
                #expect(slot.kind != .features || !holding.contains(slot.index))
                #expect(restarting.isEmpty, "one at a time")
                restarting.insert(slot)
                ready.remove(slot)
                history.append("\(slot)")
            case .report: break
            }
            for kind in FleetPlan.scalable {
                #expect(ready.contains { $0.kind == kind }, "\(kind) is without anybody")
            }
        }

        mutating func settle() { for _ in 0..<60 { round() } }
    }

    @Test("up and down: the lowest free numbers come, the highest go")
    func scaling() {
        var fleet = Fleet(features: 1, scoring: 1)
        fleet.plan.scale(.features, to: 3)
        fleet.plan.scale(.scoring, to: 2)
        fleet.settle()
        #expect(fleet.history == ["+features-1", "+features-2", "+scoring-1"])
        fleet.history = []
        fleet.plan.scale(.features, to: 1)
        fleet.plan.scale(.scoring, to: 1)
        fleet.settle()
        #expect(fleet.history.sorted() == ["-features-1", "-features-2", "-scoring-1"])
        #expect(fleet.holding == [0])
    }

    @Test("wanted again before it was gone, a worker stays")
    func changedMind() {
        var fleet = Fleet(features: 2, scoring: 1)
        fleet.plan.scale(.features, to: 1)
        let going = fleet.plan.advance(fleet.facts, at: .zero)
        fleet.plan.scale(.features, to: 2)
        let staying = fleet.plan.advance(fleet.facts, at: .zero)
        #expect(going == [.handOver(Slot(.features, 1))])
        #expect(staying == [.takeBack(Slot(.features, 1))])
    }

    @Test("nobody goes while one of those who stay is not well")
    func unwell() {
        var fleet = Fleet(features: 2, scoring: 2)
        fleet.ready.remove(Slot(.features, 0))
        fleet.ready.remove(Slot(.scoring, 0))
        fleet.plan.scale(.features, to: 1)
        fleet.plan.scale(.scoring, to: 1)
        let steps = fleet.plan.advance(fleet.facts, at: .zero)
        #expect(steps.isEmpty)
    }

    @Test("of one process each: an extra one helps out, and goes again")
    func rollingWithHelp() {
        var fleet = Fleet(features: 1, scoring: 1)
        let began = fleet.plan.restart(RoleKind.allCases, fleet.facts)
        let beganTwice = fleet.plan.restart([.ingest], fleet.facts)
        #expect(began && !beganTwice, "one rolling restart at a time")
        fleet.settle()
        #expect(
            fleet.history == [
                "ingest-0", "+features-1", "features-0", "-features-1", "trainer-0",
                "+scoring-1", "scoring-0", "-scoring-1",
            ])
        #expect(fleet.plan.restartsDone == 1 && fleet.plan.restartsLeft == 0)
        #expect(fleet.holding == [0])
    }

    @Test("of several: one after the other, with no help")
    func rolling() {
        var fleet = Fleet(features: 3, scoring: 2)
        _ = fleet.plan.restart([.features, .scoring], fleet.facts)
        fleet.settle()
        #expect(
            fleet.history == ["features-0", "features-1", "features-2", "scoring-0", "scoring-1"])
        #expect(fleet.plan.restartsDone == 1 && fleet.plan.restartsLeft == 0)
    }

    @Test("a program that does not start ends the rolling restart at the first process")
    func brokenProgram() {
        var fleet = Fleet(features: 2, scoring: 2)
        _ = fleet.plan.restart([.scoring], fleet.facts)
        fleet.round()
        fleet.isBroken = true
        fleet.ready.remove(Slot(.scoring, 0))
        fleet.restarting = [Slot(.scoring, 0)]
        fleet.round()
        fleet.now += .seconds(61)
        fleet.settle()
        #expect(fleet.history == ["scoring-0"])
        #expect(fleet.plan.restartsGivenUp == 1 && fleet.plan.restartsLeft == 0)
    }

    @Test("scaling waits for the end of a rolling restart")
    func both() {
        var fleet = Fleet(features: 1, scoring: 1)
        _ = fleet.plan.restart([.features], fleet.facts)
        fleet.plan.scale(.features, to: 4)
        fleet.settle()
        #expect(
            fleet.history == [
                "+features-1", "features-0", "-features-1", "+features-1", "+features-2",
                "+features-3",
            ])
        #expect(fleet.holding == [0, 1, 2, 3])
    }
}
