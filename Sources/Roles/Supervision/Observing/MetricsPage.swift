package import Messages
import PlainText
import Runtime

/// The state of a cluster in Prometheus' text format.
package enum MetricsPage {
    package static let type = "text/plain; version=0.0.4; charset=utf-8"

    /// Everything in `status`, grouped by metric in the order of the catalogue.
    package static func text(_ status: Status) -> String {
        var families = Families()
        addCluster(status, to: &families)
        for role in status.roles { add(role, to: &families) }
        for counter in status.counters {
            families.add(counter, role: "supervisor", index: 0)
        }
        return families.text
    }

    private static func addCluster(_ status: Status, to families: inout Families) {
        families.add("cluster_ready", status.state == "ready" ? 1 : 0, [("state", status.state)])
        families.add("cluster_uptime_seconds", Double(status.uptimeMs) / 1000, [])
        families.add("build_info", 1, [("build", status.build)])
    }

    private static func add(_ role: RoleStatus, to families: inout Families) {
        let labels = [("role", role.role), ("index", "\(role.index)")]
        families.add("up", role.state == "ready" ? 1 : 0, labels)
        families.add("state", 1, labels + [("state", role.state)])
        families.add("restarts", Double(role.restarts), labels)
        families.add("uptime_seconds", Double(role.uptimeMs) / 1000, labels)
        families.add("silent_seconds", Double(role.silentMs) / 1000, labels)
        families.add("loop_lag_seconds", Double(role.loopLagUs) / 1e6, labels)
        families.add("progress", Double(role.progress), labels)
        families.add("waiting", Double(role.waiting), labels)
        for counter in role.counters { families.add(counter, role: role.role, index: role.index) }
    }

    /// A number without an exponent where it is whole.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : "\(value)"
    }

    static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            .replacing("\n", with: "\\n").unicodeScalars.map { scalar in
                VisibleText.isControl(scalar) ? "\\" + VisibleText.escape(scalar) : "\(scalar)"
            }.joined()
    }
}

/// Samples by metric; Prometheus wants those of one metric together.
private struct Families {
    private struct Family {
        let metric: Metric
        var lines: [String] = []
    }

    private var families: [String: Family] = [:]
    private var order: [String] = []

    /// A counter as a role reports it: `name`, or `name.label`.
    mutating func add(_ counter: NamedValue, role: String, index: UInt32) {
        var labels = [("role", role), ("index", "\(index)")]
        if let whole = MetricCatalogue.find(role, counter.name) {
            return add(whole, name: whole.name(for: role), counter.value, labels)
        }
        if let point = counter.name.firstIndex(of: "."),
            let metric = MetricCatalogue.find(role, String(counter.name[..<point])),
            !metric.label.isEmpty
        {
            let rest = counter.name[counter.name.index(after: point)...]
            labels.append((metric.label, String(rest)))
            return add(metric, name: metric.name(for: role), counter.value, labels)
        }
        let unknown = Metric(role, counter.name, .gauge, "", "not described yet")
        add(unknown, name: unknown.name(for: role), counter.value, labels)
    }

    /// A quantity that the supervisor knows of every role.
    mutating func add(_ name: String, _ value: Double, _ labels: [(String, String)]) {
        guard let metric = MetricCatalogue.find("", name) else { return }
        add(metric, name: metric.name(for: ""), value, labels)
    }

    private mutating func add(
        _ metric: Metric, name: String, _ value: Double, _ labels: [(String, String)]
    ) {
        if families[name] == nil {
            families[name] = Family(metric: metric)
            order.append(name)
        }
        let list = labels.map { "\($0.0)=\"\(MetricsPage.escaped($0.1))\"" }.joined(separator: ",")
        let braces = list.isEmpty ? "" : "{\(list)}"
        families[name]?.lines.append("\(name)\(braces) \(MetricsPage.number(value))\n")
    }

    var text: String {
        var out = ""
        for name in order {
            guard let family = families[name] else { continue }
            let unit = family.metric.unit.isEmpty ? "" : " (\(family.metric.unit))"
            out += "# HELP \(name) \(MetricsPage.escaped(family.metric.help))\(unit)\n"
            out += "# TYPE \(name) \(family.metric.kind.rawValue)\n"
            out += family.lines.joined()
        }
        return out
    }
}
