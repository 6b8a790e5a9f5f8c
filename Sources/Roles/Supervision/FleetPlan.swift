package import Runtime

/// How many processes there are to be, and the order in which they are started anew: facts and time
/// in, steps out.
///
/// A worker that is to go hands its partitions over first. In a rolling restart one process is away
/// at a time, and of a role that has only one an extra one helps out.
package struct FleetPlan: Sendable {
    /// What is to be done with a process.
    package enum Step: Sendable, Equatable {
        case add(Slot)
        /// Its partitions go elsewhere.
        case handOver(Slot)
        /// It takes partitions again.
        case takeBack(Slot)
        case retire(Slot)
        case restart(Slot)
        case report(Log.Level, String)
    }

    /// What the plan must know of the world.
    package struct Facts: Sendable {
        /// Every process but those that are being retired.
        package var slots: [Slot] = []
        package var ready: Set<Slot> = []
        /// Stopped or starting on the plan's word.
        package var restarting: Set<Slot> = []
        /// Workers without partitions, what they had being served elsewhere.
        package var clear: Set<Int> = []
        /// Every partition is where it belongs.
        package var isBalanced = false

        package init() {}
    }

    private enum Stage: Sendable, Equatable {
        case addingExtra(Slot, for: Slot)
        /// A scoring process is ready; now its askers find it.
        case settling(before: Slot?)
        case handingOver(Slot)
        case restarting(Slot)
        case takingBack(Slot)
        case clearingExtra(Slot)
    }

    /// Processes wanted of the kinds that scale.
    package private(set) var wanted: [RoleKind: Int]
    private var leaving: Set<Slot> = []
    private var queue: [Slot] = []
    private var extra: Slot?
    private var isRolling = false
    private var stage: Stage?
    private var stageSince: Duration = .zero
    /// Rolling restarts that came to their end.
    package private(set) var restartsDone: UInt64 = 0
    package private(set) var restartsGivenUp: UInt64 = 0

    /// A rolling restart whose present step takes longer is given up: what still runs stays.
    static let stageMax: Duration = .seconds(60)
    /// How long a new scoring process is there before another goes: time for clients, which try
    /// again each half a second, to connect.
    static let settleTime: Duration = .seconds(1)
    /// Kinds of which there may be another number.
    package static let scalable: [RoleKind] = [.features, .scoring]

    package init(configuration: Configuration) {
        wanted = [
            .features: configuration.features.workers, .scoring: configuration.scoring.processes,
        ]
    }

    /// Steps of the rolling restart that are still to do.
    package var restartsLeft: Int {
        isRolling ? max(1, queue.count + (stage == nil ? 0 : 1)) : 0
    }

    /// Sets how many processes of a kind there are to be.
    package mutating func scale(_ kind: RoleKind, to count: Int) { wanted[kind] = count }

    /// Begins a rolling restart of kinds in the order of starting; false while one is under way.
    package mutating func restart(_ kinds: [RoleKind], _ facts: Facts) -> Bool {
        guard !isRolling else { return false }
        isRolling = true
        queue = RoleKind.allCases.filter { kinds.contains($0) }.flatMap { kind in
            facts.slots.filter { $0.kind == kind }.sorted { $0.index < $1.index }
        }
        return true
    }

    /// What can be done now; to be asked again after every change.
    package mutating func advance(_ facts: Facts, at now: Duration) -> [Step] {
        var steps: [Step] = []
        if stage != nil {
            steps += advanceStage(facts, at: now)
        }
        guard stage == nil else { return steps }
        if isRolling && leaving.isEmpty { return steps + begin(facts, at: now) }
        if isRolling {
            // First what was to go is gone.
            let going = leaving.sorted { $0.index < $1.index }
            return steps + going.flatMap { finishLeaving($0, facts) }
        }
        return steps + Self.scalable.flatMap { reconcile($0, facts) }
    }

    // MARK: Number

    private mutating func reconcile(_ kind: RoleKind, _ facts: Facts) -> [Step] {
        let here = facts.slots.filter { $0.kind == kind }
        var staying = here.filter { !leaving.contains($0) }
        let wanted = wanted[kind] ?? staying.count
        var steps: [Step] = []
        for slot in leaving.filter({ $0.kind == kind }).sorted(by: { $0.index < $1.index }) {
            if staying.count < wanted {
                // Wanted again before it was gone.
                leaving.remove(slot)
                staying.append(slot)
                steps.append(.takeBack(slot))
            } else {
                steps += finishLeaving(slot, facts)
            }
        }
        while staying.count < wanted {
            let slot = Self.free(kind, among: here + staying)
            staying.append(slot)
            steps.append(.add(slot))
        }
        // Nobody goes while one of those who stay is not well.
        let surplus = staying.sorted { $0.index < $1.index }.dropFirst(wanted)
        let keepers = staying.filter { !surplus.contains($0) }
        guard !surplus.isEmpty, keepers.allSatisfy(facts.ready.contains) else { return steps }
        for slot in surplus.reversed() {
            guard kind == .features else {
                steps.append(.retire(slot))
                continue
            }
            leaving.insert(slot)
            steps.append(.handOver(slot))
        }
        return steps
    }

    private mutating func finishLeaving(_ slot: Slot, _ facts: Facts) -> [Step] {
        guard facts.slots.contains(slot) else {
            leaving.remove(slot)
            return []
        }
        guard facts.clear.contains(slot.index) else { return [] }
        leaving.remove(slot)
        return [.retire(slot)]
    }

    private static func free(_ kind: RoleKind, among slots: [Slot]) -> Slot {
        var index = 0
        while slots.contains(Slot(kind, index)) { index += 1 }
        return Slot(kind, index)
    }

    // MARK: Rolling restart

    private mutating func enter(_ next: Stage?, at now: Duration) {
        stage = next
        stageSince = now
    }

    private mutating func begin(_ facts: Facts, at now: Duration) -> [Step] {
        while let next = queue.first, !facts.slots.contains(next) { queue.removeFirst() }
        if let extra, queue.first?.kind != extra.kind { return dismiss(extra, at: now) }
        guard let next = queue.first else {
            isRolling = false
            restartsDone += 1
            return [.report(.info, "rolling restart done")]
        }
        let ofKind = facts.slots.filter { $0.kind == next.kind }
        if extra == nil, ofKind.count == 1, Self.scalable.contains(next.kind) {
            let helper = Self.free(next.kind, among: facts.slots)
            extra = helper
            enter(.addingExtra(helper, for: next), at: now)
            return [.add(helper)]
        }
        return takeDown(next, at: now)
    }

    private mutating func takeDown(_ slot: Slot, at now: Duration) -> [Step] {
        queue.removeAll { $0 == slot }
        guard slot.kind == .features else {
            enter(.restarting(slot), at: now)
            return [.restart(slot)]
        }
        enter(.handingOver(slot), at: now)
        return [.handOver(slot)]
    }

    private mutating func dismiss(_ helper: Slot, at now: Duration) -> [Step] {
        guard helper.kind == .features else {
            extra = nil
            return [.retire(helper)]
        }
        enter(.clearingExtra(helper), at: now)
        return [.handOver(helper)]
    }

    private mutating func advanceStage(_ facts: Facts, at now: Duration) -> [Step] {
        guard let stage else { return [] }
        if now - stageSince > Self.stageMax { return giveUp(stage, at: now) }
        switch stage {
        case .addingExtra(let helper, let slot):
            guard facts.ready.contains(helper) else { return [] }
            guard slot.kind == .scoring else { return takeDown(slot, at: now) }
            enter(.settling(before: slot), at: now)
            return []
        case .settling(let next):
            guard now - stageSince >= Self.settleTime else { return [] }
            if let next { return takeDown(next, at: now) }
            enter(nil, at: now)
            return []
        case .handingOver(let slot):
            guard facts.clear.contains(slot.index) else { return [] }
            enter(.restarting(slot), at: now)
            return [.restart(slot)]
        case .restarting(let slot):
            guard facts.ready.contains(slot), !facts.restarting.contains(slot) else { return [] }
            guard slot.kind == .features else {
                enter(slot.kind == .scoring ? .settling(before: nil) : nil, at: now)
                return []
            }
            enter(.takingBack(slot), at: now)
            return [.takeBack(slot)]
        case .takingBack:
            if facts.isBalanced { enter(nil, at: now) }
            return []
        case .clearingExtra(let helper):
            guard facts.clear.contains(helper.index) else { return [] }
            enter(nil, at: now)
            extra = nil
            return [.retire(helper)]
        }
    }

    /// Leaves everything that runs as it is; a helper goes once the others are well again.
    private mutating func giveUp(_ stage: Stage, at now: Duration) -> [Step] {
        restartsGivenUp += 1
        isRolling = false
        queue = []
        extra = nil
        enter(nil, at: now)
        let text = "rolling restart given up: no progress for a minute"
        switch stage {
        case .addingExtra(let slot, _), .clearingExtra(let slot):
            return [.report(.error, "\(text) with \(slot)")]
        case .settling: return []
        case .handingOver(let slot), .restarting(let slot), .takingBack(let slot):
            let steps: [Step] = slot.kind == .features ? [.takeBack(slot)] : []
            return steps + [.report(.error, "\(text) with \(slot)")]
        }
    }
}
