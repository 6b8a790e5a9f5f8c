import Messages

/// What the roles count of a log that is damaged or has lost its end, in words.
enum LogWarning {
    private static let words: [(counter: String, text: String)] = [
        ("damaged_partitions", "partitions are damaged, their users stand still: limn verify"),
        ("readers_ahead", "partitions have readers that are ahead of the log: it lost its end"),
        ("states_ahead", "states were ahead of the log, set aside and folded again"),
        ("states_refused", "states are of another log: restore the log, or remove them"),
    ]

    static func all(_ status: Status) -> [String] {
        words.compactMap { name, text in
            let count = status.roles.reduce(0.0) { sum, role in
                sum + (role.counters.first { $0.name == name }?.value ?? 0)
            }
            return count > 0 ? "\(Int(count)) \(text)" : nil
        }
    }
}
