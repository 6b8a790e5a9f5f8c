/// How much a log may say of one thing.
package struct LogLimits: Sendable, Equatable {
    /// What was said already is counted for so long before it is said again.
    package var window: Duration = .seconds(10)
    /// Different lines of one message within that time; the others are counted.
    package var linesMax = 100
    /// The same for lines that traced batches leave: whoever traces every batch must not fill a
    /// disk.
    package var traceLinesMax = 20

    package init() {}
}

/// Which lines of a log are written, and which only counted because the same was said a moment ago;
/// pure.
struct LogRepeats: Sendable {
    /// Messages remembered at a time; they are texts of the source with little in them.
    static let messagesMax = 256

    struct Key: Hashable, Sendable {
        let level: Log.Level
        let message: String
    }

    /// What was not written.
    struct Summary: Equatable, Sendable {
        let level: Log.Level
        let message: String
        let count: Int
        let over: Duration
    }

    private struct Entry {
        var since: Duration
        /// Hashes of the fields of what was written.
        var written: Set<Int> = []
        var counted = 0
    }

    private var entries: [Key: Entry] = [:]
    private let window: Duration

    init(window: Duration) { self.window = window }

    /// Whether a line with these fields is to be written, of `linesMax` different ones; a summary
    /// of what was not is to be written before it.
    mutating func take(
        _ key: Key, fields: Int, linesMax: Int, at now: Duration
    ) -> (writes: Bool, summary: Summary?) {
        var summary: Summary?
        if let entry = entries[key], now - entry.since >= window {
            summary = end(key, entry, at: now)
        } else if entries[key] == nil, entries.count >= Self.messagesMax {
            // The one that has been counted for longest makes room.
            if let oldest = entries.min(by: { $0.value.since < $1.value.since }) {
                summary = end(oldest.key, oldest.value, at: now)
            }
        }
        var entry = entries[key] ?? Entry(since: now)
        let isNew = !entry.written.contains(fields) && entry.written.count < linesMax
        if isNew { entry.written.insert(fields) } else { entry.counted += 1 }
        entries[key] = entry
        return (isNew, summary)
    }

    /// Takes out what has been counted for a whole window, or all of it.
    mutating func due(at now: Duration, all: Bool = false) -> [Summary] {
        let over = entries.filter { all || now - $0.value.since >= window }
        return over.sorted { $0.value.since < $1.value.since }.compactMap {
            end($0.key, $0.value, at: now)
        }
    }

    private mutating func end(_ key: Key, _ entry: Entry, at now: Duration) -> Summary? {
        entries[key] = nil
        guard entry.counted > 0 else { return nil }
        return Summary(
            level: key.level, message: key.message, count: entry.counted, over: now - entry.since)
    }
}
