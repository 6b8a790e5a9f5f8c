import Runtime

/// Processes that come, go and are started anew while the cluster runs.
extension ClusterPlan {
    /// One process more. One that is just being retired stays.
    package mutating func add(_ slot: Slot, at now: Duration) -> [Step] {
        guard !isStopping else { return [] }
        if retiring.remove(slot) != nil {
            restarting.insert(slot)
            return []
        }
        guard roles[slot] == nil else { return [] }
        roles[slot] = RoleLifecycle(limits: limits)
        slots.append(slot)
        added.insert(slot)
        let order = RoleKind.allCases
        slots.sort {
            (order.firstIndex(of: $0.kind) ?? 0, $0.index)
                < (order.firstIndex(of: $1.kind) ?? 0, $1.index)
        }
        return advance(at: now)
    }

    /// Stops a process for good; it is forgotten once it has ended.
    package mutating func retire(_ slot: Slot, at now: Duration) -> [Step] {
        guard !isStopping, roles[slot] != nil else { return [] }
        retiring.insert(slot)
        restarting.remove(slot)
        return tell(.stop, slot, now) + finishPlanned(slot, at: now)
    }

    /// Stops a process and starts it again, from the program as it is on disk then.
    package mutating func restart(_ slot: Slot, at now: Duration) -> [Step] {
        guard !isStopping, roles[slot] != nil, !retiring.contains(slot) else { return [] }
        restarting.insert(slot)
        return tell(.stop, slot, now) + finishPlanned(slot, at: now)
    }

    /// What follows once a process that was to stop has stopped.
    mutating func finishPlanned(_ slot: Slot, at now: Duration) -> [Step] {
        guard let role = roles[slot] else { return [] }
        if retiring.contains(slot), role.state == .stopped {
            retiring.remove(slot)
            roles[slot] = nil
            slots.removeAll { $0 == slot }
            added.remove(slot)
        } else if restarting.contains(slot) {
            if role.state == .stopped { return tell(.start, slot, now) }
            if case .ready = role.state { restarting.remove(slot) }
        }
        return []
    }

    /// A process that is missing on purpose, while others do its work, is no damage.
    func isExcused(_ slot: Slot) -> Bool {
        retiring.contains(slot)
            || restarting.contains(slot) && (slot.kind == .features || slot.kind == .scoring)
    }

    /// Whether a process serves.
    package func isReady(_ slot: Slot) -> Bool {
        if case .ready = roles[slot]?.state { true } else { false }
    }
}
