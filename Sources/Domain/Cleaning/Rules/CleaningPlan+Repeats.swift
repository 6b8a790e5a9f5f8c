package import Events
package import Messages

/// Rules that take an event once.
extension CleaningPlan {
    static func repeatProblems(_ rule: CleaningRule) -> [String] {
        var problems: [String] = []
        var bare = CleaningRule(rule.name)
        bare.source = rule.source
        bare.record = .event
        bare.once = rule.once
        bare.withinMs = rule.withinMs
        if rule.record != nil, rule.record != .event { problems.append("once is for events") }
        var given = rule
        given.record = .event
        if given != bare { problems.append("once stands alone, with source and within") }
        problems += RepeatKey.unknown(in: rule.once).map {
            "once: no field \"\($0)\"; there are all, type, time_ms, properties.KEY, "
                + names(of: [.event])
        }
        return problems
    }

    /// The event as each rule concerned sees it that takes events once; `key` hashes it, because
    /// one that is taken for another's drops that.
    package func sights(
        of content: Record.Content, _ concerned: Concerned, _ key: HashKey
    ) -> [RepeatMemory.Sight] {
        guard case .event(let event) = content else { return [] }
        return concerned.once.map { place in
            RepeatMemory.Sight(
                rule: place, key: repeatKeys[place].hash(of: event, key), timeMs: event.timeMs,
                withinMs: rules[place].withinMs)
        }
    }
}
