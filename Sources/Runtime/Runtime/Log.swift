import PlainText
import Synchronization
package import System

/// Lines for people and machines: one line per event to standard error, in one write. Keys and
/// personal data never belong in a field. What was said a moment ago is counted, not said again.
package struct Log: Sendable {
    /// From loud to quiet.
    package enum Level: String, Sendable, CaseIterable, Comparable {
        case debug, info, warning, error

        var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

        package static func < (left: Level, right: Level) -> Bool { left.rank < right.rank }
    }

    /// How a line looks.
    package enum Format: String, Sendable, CaseIterable {
        case text, json
    }

    package let name: String
    package let format: Format
    private let shared: Shared

    /// What all copies of a log have in common, so that it can be changed while a process runs.
    private final class Shared: Sendable {
        let rank: Atomic<Int>
        let limits: LogLimits
        let file: TurningFile?
        let repeats: Mutex<LogRepeats>

        init(_ level: Level, _ limits: LogLimits, _ file: TurningFile?) {
            rank = Atomic(level.rank)
            self.limits = limits
            self.file = file
            repeats = Mutex(LogRepeats(window: limits.window))
        }

        func write(_ line: String) {
            if let file { file.write(line + "\n") } else { StandardError.write(line + "\n") }
        }
    }

    /// `file` is the one behind standard error, if it is one that the process turns itself.
    package init(
        name: String, level: Level = .info, format: Format = .text,
        limits: LogLimits = LogLimits(), file: TurningFile? = nil
    ) {
        self.name = name
        self.format = format
        shared = Shared(level, limits, file)
    }

    private init(_ log: Log, _ format: Format) {
        name = log.name
        self.format = format
        shared = log.shared
    }

    /// The same log in another format.
    package func formatted(_ format: Format) -> Log { Log(self, format) }

    /// What is quieter than this is not written.
    package var level: Level { Level.allCases[shared.rank.load(ordering: .relaxed)] }

    /// Changes the level of this log and all its copies.
    package func setLevel(_ level: Level) { shared.rank.store(level.rank, ordering: .relaxed) }

    package func debug(_ message: String, _ fields: KeyValuePairs<String, String> = [:]) {
        write(.debug, message, fields)
    }

    package func info(_ message: String, _ fields: KeyValuePairs<String, String> = [:]) {
        write(.info, message, fields)
    }

    package func warning(_ message: String, _ fields: KeyValuePairs<String, String> = [:]) {
        write(.warning, message, fields)
    }

    package func error(_ message: String, _ fields: KeyValuePairs<String, String> = [:]) {
        write(.error, message, fields)
    }

    /// A line of a traced batch, of which only so many are written as of no other message.
    package func trace(_ fields: KeyValuePairs<String, String>) {
        write(.info, "trace", fields, linesMax: shared.limits.traceLinesMax)
    }

    /// Says what was counted and not written, once the time for it is over; at the end, all of it.
    package func flush(all: Bool = false) {
        let now = Clock.monotonic()
        for summary in shared.repeats.withLock({ $0.due(at: now, all: all) }) { write(summary) }
    }

    private func write(
        _ level: Level, _ message: String, _ fields: KeyValuePairs<String, String>,
        linesMax: Int? = nil
    ) {
        guard level.rank >= shared.rank.load(ordering: .relaxed) else { return }
        var hasher = Hasher()
        for field in fields {
            hasher.combine(field.key)
            hasher.combine(field.value)
        }
        let hash = hasher.finalize()
        let (writes, summary) = shared.repeats.withLock {
            $0.take(
                LogRepeats.Key(level: level, message: message), fields: hash,
                linesMax: linesMax ?? shared.limits.linesMax, at: Clock.monotonic())
        }
        if let summary { write(summary) }
        guard writes else { return }
        shared.write(
            Log.line(
                format, wallMs: Clock.wallMs(), level: level, name: name, message: message,
                fields: fields))
    }

    private func write(_ summary: LogRepeats.Summary) {
        shared.write(
            Log.line(
                format, wallMs: Clock.wallMs(), level: summary.level, name: name,
                message: summary.message,
                fields: [
                    "repeated": "\(summary.count)",
                    "within": DurationText.write(.seconds(Int(summary.over.seconds.rounded()))),
                ]))
    }

    /// The line without its end; pure, so that it can be compared with a golden text.
    static func line(
        _ format: Format, wallMs: Int64, level: Level, name: String, message: String,
        fields: KeyValuePairs<String, String>
    ) -> String {
        let time = Timestamp.text(wallMs)
        switch format {
        case .text:
            let rest = fields.map { " \($0.key)=\(quotedIfNeeded($0.value))" }.joined()
            return "\(time) \(level.rawValue) \(name): \(plain(message))\(rest)"
        case .json:
            let own = [("name", name), ("message", message)]
            let members = own + fields.map { ($0.key, $0.value) }
            let rest = members.map { key, value in
                ",\(VisibleText.quoted(key)):\(VisibleText.quoted(value))"
            }
            return "{\"time\":\"\(time)\",\"level\":\"\(level.rawValue)\"\(rest.joined())}"
        }
    }

    // A line break in a message would forge a second line, an escape would speak to the terminal.
    private static func plain(_ text: String) -> String {
        text.unicodeScalars.contains(where: VisibleText.isControl) ? VisibleText.quoted(text) : text
    }

    private static func quotedIfNeeded(_ text: String) -> String {
        let isPlain =
            !text.isEmpty
            && text.unicodeScalars.allSatisfy {
                $0 != " " && $0 != "\"" && $0 != "=" && !VisibleText.isControl($0)
            }
        return isPlain ? text : VisibleText.quoted(text)
    }
}
