package import Events
package import Messages

/// Everything that is wrong with rules of cleaning.
package struct CleaningFailure: Error, Equatable, Sendable, CustomStringConvertible {
    package private(set) var problems: [(rule: String, message: String)] = []

    init() {}

    package init(_ rule: String, _ message: String) { add(rule, message) }

    package static func == (one: Self, other: Self) -> Bool {
        one.description == other.description
    }

    mutating func add(_ rule: String, _ message: String) { problems.append((rule, message)) }

    package var description: String {
        problems.map { "cleaning.\($0.rule): \($0.message)" }.joined(separator: "\n")
    }
}

/// What a rule did to a record.
package enum CleaningDecision: String, CaseIterable, Sendable {
    case changed, emptied, filled, clipped, rejected
    /// The event was there before and is dropped.
    case repeated
}

/// Rules of cleaning, ready to be applied to records. Pure: equal records of equal sources come out
/// equal, whatever came before.
package struct CleaningPlan: Sendable {
    package let rules: [CleaningRule]
    /// Per rule, the field of each kind that it is for.
    private let fields: [[RecordKind: RecordField]]
    private let groups: [[RecordKind: RecordField]]
    /// Per rule; of those that take an event once.
    let repeatKeys: [RepeatKey]

    package static let rulesMax = 100

    /// - Throws: what is wrong with each rule.
    package init(_ rules: [CleaningRule]) throws(CleaningFailure) {
        var failure = CleaningFailure()
        var fields: [[RecordKind: RecordField]] = []
        var groups: [[RecordKind: RecordField]] = []
        for rule in rules {
            let found = rule.once.isEmpty ? Self.fields(rule.field, rule) : [:]
            fields.append(found)
            groups.append(rule.by.isEmpty ? [:] : Self.fields(rule.by, rule))
            let problems =
                rule.once.isEmpty ? Self.problems(rule, found) : Self.repeatProblems(rule)
            for message in problems { failure.add(rule.name, message) }
        }
        if rules.count > Self.rulesMax {
            failure.add("", "\(rules.count) rules; the limit is \(Self.rulesMax)")
        }
        guard failure.problems.isEmpty else { throw failure }
        self.rules = rules
        self.fields = fields
        self.groups = groups
        repeatKeys = rules.map { RepeatKey($0.once, name: $0.name) }
    }

    private static func fields(_ name: String, _ rule: CleaningRule) -> [RecordKind: RecordField] {
        var fields: [RecordKind: RecordField] = [:]
        for kind in rule.record.map({ [$0] }) ?? RecordKind.allCases {
            fields[kind] = RecordField(name, of: kind)
        }
        return fields
    }

    static func names(of kinds: [RecordKind]) -> String {
        Set(kinds.flatMap { RecordField.texts($0) + RecordField.numbers($0) })
            .sorted().joined(separator: ", ")
    }

    private static func problems(
        _ rule: CleaningRule, _ fields: [RecordKind: RecordField]
    ) -> [String] {
        var problems: [String] = []
        guard let field = fields.values.first else {
            let kinds = rule.record.map { [$0] } ?? RecordKind.allCases
            return [
                "no field \"\(rule.field)\"; there are properties.KEY, " + names(of: kinds)
            ]
        }
        let isNumber = field.isNumber
        if isNumber
            && !(rule.text.isEmpty && rule.missing.isEmpty && rule.values.isEmpty
                && rule.allowed.isEmpty)
        {
            problems.append("\(rule.field) is a number: no text, missing, values or allowed")
        }
        if !isNumber && (rule.factor != 1 || rule.min != nil || rule.max != nil) {
            problems.append("\(rule.field) is a text: no factor, min or max")
        }
        if !isNumber && rule.otherwise == .clip {
            problems.append("only numbers can be clipped")
        }
        if let min = rule.min, let max = rule.max, min > max {
            problems.append("min \(min) is above max \(max)")
        }
        for text in [rule.fill] + rule.fills.values
        where isNumber && !text.isEmpty && Double(text) == nil {
            problems.append("\(rule.field) is a number and cannot be filled with \"\(text)\"")
        }
        if !rule.by.isEmpty && Self.fields(rule.by, rule).isEmpty {
            problems.append("no field \"\(rule.by)\" to choose by")
        }
        if rule.withinMs != nil { problems.append("within goes with once") }
        if rule.by.isEmpty != rule.fills.isEmpty {
            problems.append("by and fills go together")
        }
        if rule.text.isEmpty && rule.missing.isEmpty && rule.values.isEmpty && rule.factor == 1
            && rule.min == nil && rule.max == nil && rule.allowed.isEmpty && rule.fill.isEmpty
            && rule.fills.isEmpty && !rule.required
        {
            problems.append("the rule does nothing")
        }
        return problems
    }

    /// Places of the rules that concern batches of a source, by kind of record.
    package func concerning(source: String) -> Concerned {
        var concerned = Concerned()
        for (place, rule) in rules.enumerated() where rule.source.isEmpty || rule.source == source {
            if !rule.once.isEmpty { concerned.once.append(place) }
            for kind in fields[place].keys { concerned.places[kind, default: []].append(place) }
        }
        return concerned
    }

    /// Rules for one batch.
    package struct Concerned: Sendable {
        fileprivate(set) var places: [RecordKind: [Int]] = [:]
        /// Those that take an event once.
        fileprivate(set) var once: [Int] = []

        package init() {}

        package var isEmpty: Bool { places.isEmpty && once.isEmpty }

        package func has(_ kind: RecordKind) -> Bool {
            places[kind] != nil || (kind == .event && !once.isEmpty)
        }
    }

    /// Applies rules to a record; `note` is told each decision with the place of its rule.
    ///
    /// - Returns: why the record is to be put aside, or nil.
    package func clean(
        _ content: inout Record.Content, _ concerned: Concerned,
        note: (Int, CleaningDecision) -> Void
    ) -> Refusal? {
        guard let kind = RecordKind(content), let places = concerned.places[kind] else {
            return nil
        }
        for place in places {
            guard let field = fields[place][kind] else { continue }
            if let why = apply(place, field, groups[place][kind], &content, note) {
                note(place, .rejected)
                return Refusal(.recordUnclean, "rule \"\(rules[place].name)\": \(why)")
            }
        }
        return nil
    }

    private func apply(
        _ place: Int, _ field: RecordField, _ group: RecordField?,
        _ content: inout Record.Content, _ note: (Int, CleaningDecision) -> Void
    ) -> String? {
        let rule = rules[place]
        if field.isNumber {
            if let why = number(rule, field, &content, { note(place, $0) }) { return why }
        } else if let why = text(rule, field, &content, { note(place, $0) }) {
            return why
        }
        guard field.text(content).isEmpty else { return nil }
        let filling = group.flatMap { rule.fills[$0.text(content)] } ?? rule.fill
        if !filling.isEmpty {
            field.set(filling, in: &content)
            note(place, .filled)
        } else if rule.required {
            return "\(field.name) is missing"
        }
        return nil
    }

    private func number(
        _ rule: CleaningRule, _ field: RecordField, _ content: inout Record.Content,
        _ note: (CleaningDecision) -> Void
    ) -> String? {
        var value = field.number(content)
        guard value != 0 else { return nil }
        if rule.factor != 1 {
            value *= rule.factor
            field.set(value, in: &content)
            note(.changed)
        }
        let (low, high) = (rule.min ?? -.infinity, rule.max ?? .infinity)
        let isFree = rule.min == nil && rule.max == nil
        guard !isFree, !(value >= low && value <= high) else { return nil }
        switch rule.otherwise {
        case .clip where value.isNaN: fallthrough
        case .empty:
            field.set(0, in: &content)
            note(.emptied)
        case .clip:
            field.set(value < low ? low : high, in: &content)
            note(.clipped)
        case .reject:
            return "\(field.name) \(value) is not within \(low) to \(high)"
        }
        return nil
    }

    private func text(
        _ rule: CleaningRule, _ field: RecordField, _ content: inout Record.Content,
        _ note: (CleaningDecision) -> Void
    ) -> String? {
        let before = field.text(content)
        guard !before.isEmpty else { return nil }
        var text = rule.text.reduce(before) { $1.applied(to: $0) }
        let isMissing = !rule.missing.isEmpty && Self.contains(rule.missing, text)
        if isMissing { text = "" }
        if let other = rule.values[text] { text = other }
        if text != before {
            field.set(text, in: &content)
            note(text.isEmpty ? .emptied : .changed)
        }
        guard !rule.allowed.isEmpty, !text.isEmpty, !rule.allowed.contains(text) else {
            return nil
        }
        guard rule.otherwise == .empty else { return "\(field.name) \"\(text)\" is not allowed" }
        field.set("", in: &content)
        note(.emptied)
        return nil
    }

    private static func contains(_ words: [String], _ text: String) -> Bool {
        let folded = text.lowercased()
        return words.contains { $0.lowercased() == folded }
    }
}
