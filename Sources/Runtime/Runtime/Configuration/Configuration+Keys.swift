extension Configuration {
    /// Every key with its value as people write it, such as `trainer.als.factors` and `32`.
    ///
    /// Taken from the fields themselves, which are named like the keys (a test compares them), so
    /// that a new key is never forgotten.
    package var keys: [(key: String, value: String)] {
        Self.leaves(of: self, below: "")
    }

    private static func leaves(of value: Any, below path: String) -> [(key: String, value: String)]
    {
        Mirror(reflecting: value).children.flatMap { child -> [(key: String, value: String)] in
            guard let label = child.label else { return [] }
            let key = path.isEmpty ? label : "\(path).\(label)"
            if let text = text(child.value) { return [(key, text)] }
            return leaves(of: child.value, below: key)
        }
    }

    /// Nil for a section.
    private static func text(_ value: Any) -> String? {
        switch value {
        case let text as String: "\"\(text)\""
        case let duration as Duration: "\"\(DurationText.write(duration))\""
        case let number as Int: "\(number)"
        case let flag as Bool: "\(flag)"
        case let number as Double:
            Int(exactly: number).map { String($0) } ?? String(number)
        case let level as Log.Level: "\"\(level.rawValue)\""
        case let format as Log.Format: "\"\(format.rawValue)\""
        case let tags as [Configuration.Tag]:
            "{"
                + tags.map { tag in
                    "\"\(tag.name)\": \"\(tag.when)\""
                        + (tag.value.isEmpty ? "" : " as \"\(tag.value)\"")
                }.joined(separator: ", ") + "}"
        case let rules as [Configuration.CleaningRule]:
            "{" + rules.map { "\"\($0.name)\": \($0.words)" }.joined(separator: ", ") + "}"
        case let rules as [Configuration.RiskRule]:
            "{"
                + rules.map { rule in
                    "\"\(rule.name)\": \(rule.score) if \"\(rule.when)\", \(rule.action.rawValue)"
                        + ", \"\(rule.reason)\""
                }.joined(separator: ", ") + "}"
        default: nil
        }
    }
}
