package import Messages
import PlainText
import Runtime

/// The state of a cluster as JSON, with the field names of the schema: what `limn status --json`
/// and `/status.json` say.
package enum StatusJSON {
    package static func text(_ status: Status) -> String {
        object([
            ("state", quoted(status.state)), ("build", quoted(status.build)),
            ("uptime_ms", "\(status.uptimeMs)"), ("pid", "\(status.pid)"),
            ("roles", list(status.roles.map(role))), ("counters", counters(status.counters)),
        ])
    }

    private static func role(_ role: RoleStatus) -> String {
        object([
            ("role", quoted(role.role)), ("index", "\(role.index)"),
            ("state", quoted(role.state)), ("pid", "\(role.pid)"),
            ("restarts", "\(role.restarts)"), ("uptime_ms", "\(role.uptimeMs)"),
            ("silent_ms", "\(role.silentMs)"), ("last_exit", quoted(role.lastExit)),
            ("reason", quoted(role.reason)), ("refusing", quoted(role.refusing)),
            ("loop_lag_us", "\(role.loopLagUs)"),
            ("progress", "\(role.progress)"), ("waiting", "\(role.waiting)"),
            ("counters", counters(role.counters)),
            ("endpoints", list(role.endpoints.map(quoted))),
        ])
    }

    private static func counters(_ values: [NamedValue]) -> String {
        object(values.map { ($0.name, $0.value.isFinite ? MetricsPage.number($0.value) : "null") })
    }

    private static func object(_ members: [(String, String)]) -> String {
        "{" + members.map { "\(quoted($0.0)):\($0.1)" }.joined(separator: ",") + "}"
    }

    private static func list(_ elements: [String]) -> String {
        "[" + elements.joined(separator: ",") + "]"
    }

    private static func quoted(_ text: String) -> String { VisibleText.quoted(text) }
}
