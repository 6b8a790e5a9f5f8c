import Synchronization
import System

/// Lines for people and machines: one line per event to standard error, in one write. Keys and
/// personal data never belong in a field.
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
    private let gate: Gate

    /// The level, shared by all copies of a log, so that it can be changed while a process runs.
    private final class Gate: Sendable {
        let rank: Atomic<Int>

        init(_ level: Level) { rank = Atomic(level.rank) }
    }

    package init(name: String, level: Level = .info, format: Format = .text) {
        self.name = name
        self.format = format
        gate = Gate(level)
    }

    /// What is quieter than this is not written.
    package var level: Level { Level.allCases[gate.rank.load(ordering: .relaxed)] }

    /// Changes the level of this log and all its copies.
    package func setLevel(_ level: Level) { gate.rank.store(level.rank, ordering: .relaxed) }

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

    private func write(
        _ level: Level, _ message: String, _ fields: KeyValuePairs<String, String>
    ) {
        guard level.rank >= gate.rank.load(ordering: .relaxed) else { return }
        let line = Log.line(
            format, wallMs: Clock.wallMs(), level: level, name: name, message: message,
            fields: fields)
        StandardError.write(line + "\n")
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
            let rest = fields.map { ",\(quoted($0.key)):\(quoted($0.value))" }.joined()
            return "{\"time\":\"\(time)\",\"level\":\"\(level.rawValue)\","
                + "\"name\":\(quoted(name)),\"message\":\(quoted(message))\(rest)}"
        }
    }

    // A line break in a message would forge a second line.
    private static func plain(_ text: String) -> String {
        text.contains { $0.isNewline } ? quoted(text) : text
    }

    private static func quotedIfNeeded(_ text: String) -> String {
        let isPlain =
            !text.isEmpty
            && text.unicodeScalars.allSatisfy { $0.value > 32 && $0 != "\"" && $0 != "=" }
        return isPlain ? text : quoted(text)
    }

    /// A JSON string.
    package static func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\t": out += "\\t"
            case "\r": out += "\\r"
            default:
                if scalar.value < 32 {
                    let hex = String(scalar.value, radix: 16)
                    out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
                } else {
                    out.unicodeScalars.append(scalar)
                }
            }
        }
        return out + "\""
    }
}
