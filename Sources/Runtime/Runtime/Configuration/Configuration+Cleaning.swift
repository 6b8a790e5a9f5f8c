extension Configuration {
    /// What is done with a field of records before they are written to the log. Which fields there
    /// are, the module Cleaning knows.
    package struct CleaningRule: Sendable, Equatable {
        package enum Record: String, Sendable, CaseIterable { case any, event, item, user }
        package enum Otherwise: String, Sendable, CaseIterable { case clip, empty, reject }

        package var name: String
        package var source = ""
        package var record = Record.any
        package var field = ""
        /// Names of steps.
        package var text: [String] = []
        package var missing: [String] = []
        package var values: [String: String] = [:]
        package var factor = 1.0
        package var min: Double?
        package var max: Double?
        package var allowed: [String] = []
        package var otherwise = Otherwise.reject
        package var fill = ""
        package var by = ""
        package var fills: [String: String] = [:]
        package var required = false
        package var once: [String] = []
        package var within: Duration?

        package init(_ name: String) { self.name = name }
    }
}

extension Configuration.CleaningRule {
    /// On one line, to say what has changed.
    var words: String {
        func pairs(_ values: [String: String]) -> String {
            values.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
                .joined(separator: ", ")
        }
        let parts: [(String, String)] = [
            ("source", source), ("record", record == .any ? "" : record.rawValue),
            ("field", field), ("text", text.joined(separator: " ")),
            ("missing", missing.joined(separator: " ")), ("values", pairs(values)),
            ("factor", factor == 1 ? "" : "\(factor)"), ("min", min.map { "\($0)" } ?? ""),
            ("max", max.map { "\($0)" } ?? ""), ("allowed", allowed.joined(separator: " ")),
            ("otherwise", min == nil && max == nil && allowed.isEmpty ? "" : otherwise.rawValue),
            ("fill", fill), ("by", by),
            ("fills", pairs(fills)), ("required", required ? "true" : ""),
            ("once", once.joined(separator: " ")),
            ("within", within.map { DurationText.write($0) } ?? ""),
        ]
        return parts.filter { !$0.1.isEmpty }.map { "\($0.0) \($0.1)" }.joined(separator: "; ")
    }
}

extension Section {
    /// Rules by name, in the order of their lines.
    mutating func cleaning(_ key: String, _ rules: inout [Configuration.CleaningRule]) {
        var found: [Configuration.CleaningRule] = []
        section(key) { section in
            for name in section.namesByLine {
                var rule = Configuration.CleaningRule(name)
                if name.contains("/") || name.utf8.count > 64 {
                    section.refuse(name, "a rule's name has at most 64 bytes, and no /")
                }
                section.section(name) { rule.read(&$0) }
                found.append(rule)
            }
        }
        rules = found
    }
}

extension Configuration.CleaningRule {
    fileprivate mutating func read(_ section: inout Section) {
        section.text("source", &source, bytes: 0...256)
        section.choice("record", &record)
        section.text("field", &field, bytes: 1...300)
        section.words("text", &text)
        section.words("missing", &missing)
        section.pairs("values", &values)
        section.number("factor", &factor, in: -1e12...1e12)
        section.optionalNumber("min", &min)
        section.optionalNumber("max", &max)
        section.words("allowed", &allowed)
        section.choice("otherwise", &otherwise)
        section.textOrNumber("fill", &fill)
        section.text("by", &by, bytes: 0...300)
        section.pairs("fills", &fills)
        section.flag("required", &required)
        section.words("once", &once)
        section.optionalDuration("within", &within, in: .zero ... .seconds(365 * 86_400))
        if once.isEmpty, section.missing.contains(where: { $0.hasSuffix(".field") }) {
            section.refuse("field", "is missing: what the rule is about")
        }
    }
}

extension Section {
    /// Words: a list of texts, or one text of words with blanks between them.
    fileprivate mutating func words(_ key: String, _ value: inout [String]) {
        switch take(key) {
        case nil: return
        case .text(let text): value = text.split(separator: " ").map(String.init)
        case .array(let list):
            let texts = list.compactMap { if case .text(let text) = $0 { text } else { nil } }
            guard texts.count == list.count else {
                return refuse(key, "must be a list of texts")
            }
            value = texts
        case .some(let other): refuse(key, "must be a list of texts, not \(other.words)")
        }
    }

    /// Texts by text.
    fileprivate mutating func pairs(_ key: String, _ value: inout [String: String]) {
        switch take(key) {
        case nil: return
        case .object(let object):
            for (name, entry) in object {
                guard let text = entry.asText else {
                    return refuse(key, "\"\(name)\" must be a text, not \(entry.words)")
                }
                value[name] = text
            }
        case .some(let other): refuse(key, "must be an object of texts, not \(other.words)")
        }
    }

    fileprivate mutating func textOrNumber(_ key: String, _ value: inout String) {
        guard let found = take(key) else { return }
        guard let text = found.asText, text.utf8.count <= 256 else {
            return refuse(key, "must be a text or a number, not \(found.words)")
        }
        value = text
    }

    fileprivate mutating func optionalNumber(_ key: String, _ value: inout Double?) {
        guard let found = take(key) else { return }
        guard case .number(let number) = found, number.isFinite else {
            return refuse(key, "must be a number, not \(found.words)")
        }
        value = number
    }

    fileprivate mutating func optionalDuration(
        _ key: String, _ value: inout Duration?, in range: ClosedRange<Duration>
    ) {
        var given = Duration.seconds(-1)
        duration(key, &given, in: range)
        if given >= .zero { value = given }
    }
}

extension ConfigurationTree {
    /// A text, or a number as one.
    fileprivate var asText: String? {
        switch self {
        case .text(let text): text
        case .number: words
        default: nil
        }
    }
}
