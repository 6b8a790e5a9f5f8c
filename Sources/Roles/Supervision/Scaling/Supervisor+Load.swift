import Messages
import Runtime
import System

/// Following the load between the limits of the configuration.
extension Supervisor {
    static let judgeEvery: Duration = .seconds(1)

    func noteLoad(_ slot: Slot, _ alive: Alive) {
        var reading = LoadMeter.Reading()
        reading.cpuSeconds = alive.counters.first { $0.name == "process.cpu_seconds" }?.value ?? 0
        reading.progress = alive.progress
        reading.waiting = alive.waiting
        meter.note(slot, reading, at: Clock.monotonic())
    }

    /// Scales what the load asks for; what an operator has set is left alone.
    func followLoad() {
        guard state == .ready, fleet.restartsLeft == 0 else { return }
        let now = Clock.monotonic()
        guard now - judgedAt >= Self.judgeEvery else { return }
        judgedAt = now
        for kind in FleetPlan.scalable where !byHand.contains(kind) {
            let slots = plan.slots.filter { $0.kind == kind && !plan.retiring.contains($0) }
            let ready = slots.count { plan.isReady($0) }
            let sample = meter.sample(of: kind, ready: ready, cores: Environment.cores())
            let count = fleet.wanted[kind] ?? ready
            switch policies[kind]?.judge(sample, count: count, at: now) ?? .stay {
            case .stay: break
            case .held(let why):
                log.warning("not scaled", ["role": kind.rawValue, "why": why])
            case .scale(let target, let why):
                scaledByLoad += 1
                log.info(
                    "scaling",
                    [
                        "role": kind.rawValue, "from": "\(count)", "to": "\(target)", "by": "load",
                        "why": why,
                    ])
                fleet.scale(kind, to: target)
            }
        }
    }

    /// The policies that the settings ask for.
    static func policies(_ settings: Configuration) -> [RoleKind: ScalingPolicy] {
        let workers = settings.features.workers
        let processes = settings.scoring.processes
        return [
            .features: ScalingPolicy(
                limits: settings.scaling,
                range: workers...max(workers, settings.features.workersMax)),
            .scoring: ScalingPolicy(
                limits: settings.scaling,
                range: processes...max(processes, settings.scoring.processesMax)),
        ]
    }

    // MARK: By hand

    /// What an operator has set holds over a restart of the supervisor.
    func keepByHand() {
        let wanted = byHand.map { ($0.rawValue, fleet.wanted[$0] ?? 1) }
        do throws(SystemError) {
            try ScaleByHand(Dictionary(uniqueKeysWithValues: wanted)).write(environment.folder)
        } catch {
            log.warning("the numbers of processes cannot be kept", ["error": "\(error)"])
        }
    }

    func restoreByHand() {
        for (name, count) in ScaleByHand.read(environment.folder).counts {
            guard let kind = RoleKind(rawValue: name), FleetPlan.scalable.contains(kind) else {
                continue
            }
            byHand.insert(kind)
            fleet.scale(kind, to: count)
            log.info("scaled by hand before", ["role": name, "to": "\(count)"])
        }
    }

    /// Follows the configuration, or the load, again.
    func release(_ kind: RoleKind) {
        byHand.remove(kind)
        let settled = kind == .features ? settings.features.workers : settings.scoring.processes
        fleet.scale(kind, to: settled)
        keepByHand()
    }
}
