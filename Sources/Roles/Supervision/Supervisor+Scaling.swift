import Messages
import Runtime
import System
import ZeroMQ

/// Obeying the plan of how many processes there are, and operators who change it.
extension Supervisor {
    /// Looks what can be done; cheap, so it is asked at every tick.
    func advanceFleet() {
        guard plan.state != .stopping && plan.state != .stopped else { return }
        for step in fleet.advance(facts, at: Clock.monotonic()) { obey(step) }
        noteState()
    }

    var facts: FleetPlan.Facts {
        var facts = FleetPlan.Facts()
        facts.slots = plan.slots.filter { !plan.retiring.contains($0) }
        facts.ready = Set(facts.slots.filter { plan.isReady($0) })
        facts.restarting = plan.restarting
        for slot in facts.slots where slot.kind == .features {
            if assignment.isClear(slot.index) { facts.clear.insert(slot.index) }
        }
        facts.isBalanced = assignment.isBalanced(at: Clock.monotonic())
        return facts
    }

    private func obey(_ step: FleetPlan.Step) {
        let now = Clock.monotonic()
        switch step {
        case .add(let slot):
            log.info("adding", ["role": "\(slot)"])
            obey(plan.add(slot, at: now))
            if slot.kind == .features { expect(worker: slot.index) }
        case .handOver(let slot): obey(assignment.leave(slot.index, at: now))
        case .takeBack(let slot): obey(assignment.join(slot.index, at: now))
        case .retire(let slot):
            log.info("retiring", ["role": "\(slot)"])
            if slot.kind == .features { obey(assignment.remove(slot.index, at: now)) }
            obey(plan.retire(slot, at: now))
        case .restart(let slot):
            log.info("starting anew", ["role": "\(slot)"])
            obey(plan.restart(slot, at: now))
        case .report(let level, let text):
            if level == .error { log.error(text) } else { log.info(text) }
        }
    }

    /// Another number of processes, asked for by an operator.
    func scale(_ request: ScaleRequest, _ header: Header) -> [UInt8] {
        guard let kind = RoleKind(rawValue: request.role), FleetPlan.scalable.contains(kind) else {
            return Frame.refuse(
                header, .badRequest, "role must be features or scoring, not \"\(request.role)\"")
        }
        if request.automatic {
            log.info("scaling", ["role": request.role, "to": "auto", "by": "operator"])
            release(kind)
            advanceFleet()
            return Frame.answer(header, status())
        }
        guard (1...Self.processesMax).contains(Int(request.count)) else {
            return Frame.refuse(header, .badRequest, "count must be 1 to \(Self.processesMax)")
        }
        log.info("scaling", ["role": request.role, "to": "\(request.count)", "by": "operator"])
        byHand.insert(kind)
        fleet.scale(kind, to: Int(request.count))
        keepByHand()
        advanceFleet()
        return Frame.answer(header, status())
    }

    /// A rolling restart, asked for by an operator.
    func restart(_ request: RestartRequest, _ header: Header) -> [UInt8] {
        var kinds = RoleKind.allCases
        if !request.role.isEmpty {
            guard let kind = RoleKind(rawValue: request.role) else {
                let known = kinds.map(\.rawValue).joined(separator: ", ")
                return Frame.refuse(header, .badRequest, "role must be one of \(known), or empty")
            }
            kinds = [kind]
        }
        guard fleet.restart(kinds, facts) else {
            return Frame.refuse(
                header, .unavailable, "a rolling restart is under way", retryAfterMs: 1000)
        }
        log.info("rolling restart", ["roles": kinds.map(\.rawValue).joined(separator: " ")])
        advanceFleet()
        return Frame.answer(header, status())
    }

    /// One role has at most so many processes: as many as there are partitions.
    static let processesMax = Endpoints.partitions

    /// What `status` shows of the numbers of processes.
    var fleetCounters: [NamedValue] {
        var vitals = RoleVitals()
        vitals.count("features_wanted", fleet.wanted[.features] ?? 0)
        vitals.count("scoring_wanted", fleet.wanted[.scoring] ?? 0)
        vitals.count("features_by_hand", byHand.contains(.features) ? 1 : 0)
        vitals.count("scoring_by_hand", byHand.contains(.scoring) ? 1 : 0)
        vitals.count("scaled_by_load", scaledByLoad)
        vitals.count("restarts_left", fleet.restartsLeft)
        vitals.count("rolling_restarts", fleet.restartsDone)
        vitals.count("rolling_restarts_given_up", fleet.restartsGivenUp)
        return vitals.counters
    }
}
