/// Files whose columns are called like the fields of a record need no mapping.
enum NamedColumns {
    /// As `--mapping` takes it.
    static let name = "columns"

    /// The mapping for a header and its first row; nil where the names do not say what the rows
    /// are, or the first row does not say how its times are written.
    static func mapping(_ header: [String], first row: [String]) -> Mapping? {
        guard let target = target(Set(header)) else { return nil }
        var mapping = Mapping(name: name)
        mapping.target = target
        for name in header where mapping.allowedFields.contains(name) {
            mapping.fields[name] = .column(name)
        }
        if let column = ["time", "time_ms"].compactMap(header.firstIndex(of:)).first {
            guard column < row.count, let format = timeFormat(row[column]) else { return nil }
            mapping.fields["time"] = .column(header[column])
            mapping.timeFormat = format
        }
        if target == .event, mapping.fields["time"] == nil { return nil }
        return mapping
    }

    private static func target(_ names: Set<String>) -> Mapping.Target? {
        if names.contains("type") { return names.contains("user_id") ? .event : nil }
        switch (names.contains("user_id"), names.contains("item_id")) {
        case (true, false): return .user
        case (false, true): return .item
        default: return nil
        }
    }

    /// Ten digits are seconds, thirteen milliseconds: both from 2001 to 2286.
    private static func timeFormat(_ text: String) -> TimeFormat? {
        if TimeFormat.iso(Array(text.utf8)) != nil { return .iso }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } })
        else { return nil }
        switch (parts.count, parts[0].utf8.count) {
        case (1, 10): return .seconds
        case (1, 13): return .milliseconds
        case (2, 10): return .fractionalSeconds
        default: return nil
        }
    }
}
