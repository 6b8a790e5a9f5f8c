import Events
package import Messages

/// Rules that take an event once.
extension CleaningPlan {
    /// Every field but `event_id`, time and properties included.
    package static let whole = "all"
    private static let type = "type"
    private static let time = "time_ms"

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
        for name in rule.once
        where ![whole, type, time].contains(name) && RecordField(name, of: .event) == nil {
            problems.append(
                "once: no field \"\(name)\"; there are all, type, time_ms, properties.KEY, "
                    + (RecordField.texts(.event) + RecordField.numbers(.event)).sorted()
                    .joined(separator: ", "))
        }
        return problems
    }

    /// The event as each rule concerned sees it that takes events once.
    package func sights(
        of content: Record.Content, _ concerned: Concerned
    ) -> [RepeatMemory.Sight] {
        guard case .event(let event) = content else { return [] }
        return concerned.once.map { place in
            let rule = rules[place]
            return RepeatMemory.Sight(
                rule: place, key: Self.key(rule, event, content), timeMs: event.timeMs,
                withinMs: rule.withinMs)
        }
    }

    private static func key(
        _ rule: CleaningRule, _ event: Event, _ content: Record.Content
    ) -> UInt64 {
        let seed = XXH64.hash(rule.name)
        if rule.once.contains(whole) {
            var bare = event
            bare.eventID = ""
            let bytes = bare.encoded()
            return XXH64.hash(bytes.span, in: 0..<bytes.count, seed: seed)
        }
        var text = ""
        for name in rule.once {
            switch name {
            case type: text += "\(event.type.rawValue)"
            case time: text += "\(event.timeMs)"
            default: text += RecordField(name, of: .event)?.text(content) ?? ""
            }
            text += "\u{1F}"
        }
        let bytes = Array(text.utf8)
        return XXH64.hash(bytes.span, in: 0..<bytes.count, seed: seed)
    }
}
