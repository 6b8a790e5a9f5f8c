package import Events
package import Messages

/// What many records hold, field by field, and what is odd about them.
package struct RecordSurvey: Sendable {
    package private(set) var kinds: [RecordKind: Int] = [:]
    package private(set) var types: [EventType: Int] = [:]
    package private(set) var firstMs = Int64.max
    package private(set) var lastMs = Int64.min
    /// Events that are there once more, but for their id.
    package private(set) var repeated = 0
    /// Others of the same user, type and item within ``nearMs`` of the one before.
    package private(set) var near = 0
    private var fields: [RecordKind: [FieldSurvey]] = [:]
    private var keys: [RecordKind: Set<String>] = [:]
    private let key: HashKey
    private var seen: Set<UInt64> = []
    private var lastOf: [UInt64: Int64] = [:]
    package let choices: SurveyChoices
    /// By field and group, to fill with what is usual there.
    private var groups: [String: [String: GroupValues]] = [:]
    private var grouped: [RecordKind: [(field: RecordField, by: RecordField)]] = [:]

    package static let nearMs: Int64 = 1000
    /// Events remembered to find repetitions; beyond, only those of the first are found.
    package static let rememberedMax = 2_000_000
    private static let exact = RepeatKey(RepeatKey.exact)
    private static let about = RepeatKey(RepeatKey.about)
    static let propertiesMax = 64
    static let groupsMax = 500

    /// `key` hashes events to find repetitions; what is found does not depend on it.
    package init(_ choices: SurveyChoices = SurveyChoices(), key: HashKey = .open) {
        self.choices = choices
        self.key = key
        for kind in RecordKind.allCases {
            let all = (RecordField.texts(kind) + RecordField.numbers(kind))
                .compactMap { RecordField($0, of: kind) }
            fields[kind] = all.map { FieldSurvey($0) }
            for field in all { noteGrouping(field) }
        }
    }

    package var records: Int { kinds.values.reduce(0, +) }

    /// Fields of a kind of which there are records, as the schema has them; properties last.
    package func fields(of kind: RecordKind) -> [FieldSurvey] {
        (kinds[kind] ?? 0) == 0 ? [] : fields[kind] ?? []
    }

    package mutating func add(_ content: Record.Content) {
        guard let kind = RecordKind(content) else { return }
        let before = kinds[kind] ?? 0
        kinds[kind] = before + 1
        noteProperties(kind, content, before)
        for place in fields[kind, default: []].indices { fields[kind]?[place].add(content) }
        for (field, by) in grouped[kind, default: []] {
            let group = by.text(content)
            if !group.isEmpty { note(field, content, in: group) }
        }
        if case .event(let event) = content { note(event) }
    }

    /// A property that comes for the first time was missing in all records before.
    private mutating func noteProperties(
        _ kind: RecordKind, _ content: Record.Content, _ before: Int
    ) {
        for property in content.properties where keys[kind]?.contains(property.key) != true {
            guard keys[kind, default: []].count < Self.propertiesMax,
                let field = RecordField("properties.\(property.key)", of: kind)
            else { continue }
            keys[kind, default: []].insert(property.key)
            fields[kind]?.append(FieldSurvey(field, absent: before))
            noteGrouping(field)
        }
    }

    private mutating func note(_ event: Event) {
        types[event.type, default: 0] += 1
        if event.timeMs > 0 {
            firstMs = min(firstMs, event.timeMs)
            lastMs = max(lastMs, event.timeMs)
        }
        let whole = Self.exact.hash(of: event, key)
        let about = Self.about.hash(of: event, key)
        if seen.contains(whole) {
            repeated += 1
        } else {
            if seen.count < Self.rememberedMax { seen.insert(whole) }
            if let last = lastOf[about], (event.timeMs &- last).magnitude <= UInt64(Self.nearMs) {
                near += 1
            }
        }
        if lastOf[about] != nil || lastOf.count < Self.rememberedMax {
            lastOf[about] = event.timeMs
        }
    }

    private mutating func noteGrouping(_ field: RecordField) {
        guard let name = grouping(field.name), let by = RecordField(name, of: field.kind) else {
            return
        }
        grouped[field.kind, default: []].append((field, by))
    }

    /// The field by whose groups another is filled.
    func grouping(_ name: String) -> String? {
        if choices.fill == nil || choices.by.isEmpty {
            return name == "price" ? SurveyChoices.usualBy : nil
        }
        return name == choices.by || !Self.isFillable(name) ? nil : choices.by
    }

    /// Ids and free texts are nobody else's.
    static func isFillable(_ name: String) -> Bool {
        !name.hasSuffix("_id") && !["text", "title", "image"].contains(name)
    }

    private mutating func note(
        _ field: RecordField, _ content: Record.Content, in group: String
    ) {
        let isKnown = groups[field.name]?[group] != nil
        guard isKnown || groups[field.name, default: [:]].count < Self.groupsMax else { return }
        if field.isNumber {
            let number = field.number(content)
            guard number != 0, number.isFinite else { return }
            groups[field.name, default: [:]][group, default: GroupValues()].add(number)
        } else {
            let text = field.text(content)
            guard !text.isEmpty else { return }
            groups[field.name, default: [:]][group, default: GroupValues()].add(text)
        }
    }

    /// What is usual for a field in each group with enough of it.
    package func usual(_ name: String) -> [String: String] {
        (groups[name] ?? [:]).compactMapValues { $0.usual(choices.fill ?? .median) }
    }
}

extension FieldSurvey {
    /// A field that was missing in so many records before.
    init(_ field: RecordField, absent: Int) {
        self.init(field)
        skip(absent)
    }
}
