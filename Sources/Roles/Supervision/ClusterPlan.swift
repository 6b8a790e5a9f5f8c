package import Runtime
import System

/// Which process of a role.
package struct Slot: Hashable, Sendable, CustomStringConvertible {
    package let kind: RoleKind
    package let index: Int

    package init(_ kind: RoleKind, _ index: Int) {
        self.kind = kind
        self.index = index
    }

    package var description: String { "\(kind.rawValue)-\(index)" }
}

/// All roles of a cluster: starts them in order, stops them in reverse, and says how the whole is.
package struct ClusterPlan: Sendable {
    package enum State: String, Sendable, Equatable {
        case starting, ready, degraded, stopping, stopped
    }

    /// What a slot must do.
    package typealias Step = (slot: Slot, action: RoleLifecycle.Action)

    /// In the order of starting.
    package internal(set) var slots: [Slot]
    package internal(set) var roles: [Slot: RoleLifecycle] = [:]
    private(set) var isStopping = false
    /// To be forgotten once stopped.
    var retiring: Set<Slot> = []
    /// To be started once stopped.
    var restarting: Set<Slot> = []
    /// Not there from the beginning: what goes wrong with them is no reason to stop everything.
    var added: Set<Slot> = []
    var limits: Configuration.Supervisor
    /// The exit code to end with: that of a role that could not even start.
    package private(set) var exit = ExitClass.success.rawValue
    /// Which role that was.
    package private(set) var culprit: Slot?

    package init(configuration: Configuration) {
        slots = RoleKind.allCases.flatMap { kind in
            let count =
                switch kind {
                case .features: configuration.features.workers
                case .scoring: configuration.scoring.processes
                case .ingest, .trainer: 1
                }
            return (0..<count).map { Slot(kind, $0) }
        }
        limits = configuration.supervisor
        for slot in slots { roles[slot] = RoleLifecycle(limits: limits) }
    }

    package var state: State {
        let states = roles.values.map(\.state)
        if isStopping { return states.allSatisfy { $0 == .stopped } ? .stopped : .stopping }
        let areReady = roles.allSatisfy { slot, role in
            if case .ready = role.state { true } else { isExcused(slot) }
        }
        if areReady { return .ready }
        return roles.values.allSatisfy(\.hasSettled) ? .degraded : .starting
    }

    /// Takes an event of one role.
    package mutating func handle(
        _ event: RoleLifecycle.Event, _ slot: Slot, at now: Duration, jitter: Double = 0
    ) -> [Step] {
        guard var role = roles[slot] else { return [] }
        let wasSettled = role.hasSettled
        let actions = role.handle(event, at: now, jitter: jitter)
        // A role that dies before its turn to stop has stopped.
        if isStopping && !role.isRunning { _ = role.handle(.stop, at: now) }
        roles[slot] = role
        var steps = actions.map { Step(slot, $0) }
        if !isStopping { steps += finishPlanned(slot, at: now) }
        // A first start that cannot work is a mistake to be mended, not something to heal.
        if case .failed(retryAt: nil) = role.state, !wasSettled, !isStopping,
            !added.contains(slot)
        {
            culprit = slot
            exit = role.lastExitCode ?? ExitClass.configuration.rawValue
            steps += stop(at: now)
        }
        return steps + advance(at: now)
    }

    /// Starts the first roles.
    package mutating func start(at now: Duration) -> [Step] { advance(at: now) }

    /// Begins the ordered stop.
    package mutating func stop(at now: Duration) -> [Step] {
        isStopping = true
        return advance(at: now)
    }

    /// Lets time pass for every role.
    package mutating func tick(at now: Duration, jitter: Double) -> [Step] {
        slots.flatMap { handle(.tick, $0, at: now, jitter: jitter) }
    }

    mutating func advance(at now: Duration) -> [Step] {
        isStopping ? stopNext(now) : startNext(now)
    }

    // All processes of a kind start together, once every kind before has settled.
    private mutating func startNext(_ now: Duration) -> [Step] {
        for kind in RoleKind.allCases {
            let group = slots.filter { $0.kind == kind }
            let waiting = group.filter { roles[$0]?.state == .waiting }
            if !waiting.isEmpty { return waiting.flatMap { tell(.start, $0, now) } }
            guard group.allSatisfy({ roles[$0]?.hasSettled == true }) else { return [] }
        }
        return []
    }

    // From the last kind to the first, each once the one after it has stopped.
    private mutating func stopNext(_ now: Duration) -> [Step] {
        var steps: [Step] = []
        for kind in RoleKind.allCases.reversed() {
            let group = slots.filter { $0.kind == kind }
            for slot in group { steps += tell(.stop, slot, now) }
            guard group.allSatisfy({ roles[$0]?.state == .stopped }) else { break }
        }
        return steps
    }

    mutating func tell(
        _ event: RoleLifecycle.Event, _ slot: Slot, _ now: Duration
    ) -> [Step] {
        let actions = roles[slot]?.handle(event, at: now) ?? []
        return actions.map { (slot, $0) }
    }
}
