import PlainText

/// Reads one object of the configuration key by key, and notes what is wrong instead of stopping.
struct Section {
    /// Keys from the root, such as `["trainer", "als"]`.
    let path: [String]
    let values: [String: ConfigurationTree]
    let lines: KeyLines
    private(set) var known: [String] = []
    private(set) var missing: [String] = []
    private(set) var issues: [ConfigurationIssue] = []

    init(path: [String], values: [String: ConfigurationTree], lines: KeyLines) {
        self.path = path
        self.values = values
        self.lines = lines
    }

    /// A nested object; `read` fills what belongs there.
    mutating func section(_ key: String, _ read: (inout Section) -> Void) {
        var values: [String: ConfigurationTree] = [:]
        switch take(key) {
        case .object(let object): values = object
        case nil: break
        case .some(let other): refuse(key, "must be an object { … }, not \(other.words)")
        }
        var nested = Section(path: path + [key], values: values, lines: lines)
        read(&nested)
        nested.refuseUnknown()
        issues += nested.issues
        missing += nested.missing
    }

    /// The keys that somebody wrote, in the order of their lines.
    var namesByLine: [String] {
        values.keys.map { ($0, lines.line(of: path + [$0])) }
            .sorted { ($0.1, $0.0) < ($1.1, $1.0) }.map(\.0)
    }

    /// Notes every key that was not asked for, with the nearest known one.
    mutating func refuseUnknown() {
        for key in values.keys.sorted() where !known.contains(key) {
            var message = "there is no key \"\(key)\" here"
            if let near = Suggestion.nearest(to: key, among: known) {
                message += "; did you mean \"\(near)\"?"
            } else {
                message += "; known are \(known.joined(separator: ", "))"
            }
            refuse(key, message)
        }
    }

    /// The value of a key, which from now on is known.
    mutating func take(_ key: String) -> ConfigurationTree? {
        known.append(key)
        let value = values[key]
        if value == nil { missing.append((path + [key]).joined(separator: ".")) }
        return value
    }

    /// Notes what is wrong with a key.
    mutating func refuse(_ key: String, _ message: String) {
        let keys = path + [key]
        issues.append(
            ConfigurationIssue(
                line: lines.line(of: keys), path: keys.joined(separator: "."), message: message))
    }
}
