/// One measured quantity and what it means.
package struct Metric: Sendable, Equatable {
    package enum Kind: String, Sendable {
        case counter, gauge
    }

    /// Who counts it; "" = every role, "supervisor" = the supervisor itself.
    package let role: String
    /// The name in `limn status --json`; what stands before a point, if the rest is a label.
    package let counter: String
    package let kind: Kind
    package let unit: String
    package let help: String
    /// The label made of what follows the point, or "".
    package let label: String
    /// The exported name where the counter's own would be another's.
    private let alias: String

    init(
        _ role: String, _ counter: String, _ kind: Kind, _ unit: String, _ help: String,
        label: String = "", alias: String = ""
    ) {
        self.role = role
        self.counter = counter
        self.kind = kind
        self.unit = unit
        self.help = help
        self.label = label
        self.alias = alias.isEmpty ? counter : alias
    }

    /// The name for Prometheus: `limn_<role>_<counter>`, with `_total` if it only rises.
    func name(for role: String) -> String {
        let isOwn = counter.hasPrefix("process.") || Metric.general.contains(counter)
        let base = isOwn ? alias : "\(role)_\(alias)"
        let suffix = kind == .counter && !base.hasSuffix("_total") ? "_total" : ""
        let legal = base.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }
        return "limn_" + String(legal) + suffix
    }

    /// Made by the supervisor for every role alike; their names have no role in them.
    static let general: Set<String> = [
        "up", "state", "restarts", "uptime_seconds", "silent_seconds", "loop_lag_seconds",
        "progress", "waiting", "cluster_ready", "cluster_uptime_seconds", "build_info",
    ]
}

/// Every metric there is. `Deploy/metrics.md` is made from it, and a test compares it with what the
/// roles count.
package enum MetricCatalogue {
    package static let all: [Metric] =
        general + process + front + ingest + features + trainer + scoring + supervisor

    /// What a counter of a role means; nil if nobody has written it down.
    static func find(_ role: String, _ counter: String) -> Metric? {
        places["\(role)/\(counter)"] ?? places["/\(counter)"]
    }

    private static let places: [String: Metric] = Dictionary(
        all.map { ("\($0.role)/\($0.counter)", $0) }, uniquingKeysWith: { first, _ in first })

    static let general: [Metric] = [
        Metric("", "cluster_ready", .gauge, "0 or 1", "1 if every role serves"),
        Metric("", "cluster_uptime_seconds", .gauge, "seconds", "since the supervisor's start"),
        Metric("", "build_info", .gauge, "1", "the build, in the label", label: "build"),
        Metric("", "up", .gauge, "0 or 1", "1 if the process is ready"),
        Metric("", "state", .gauge, "1", "the process's state, in the label", label: "state"),
        Metric("", "restarts", .counter, "starts", "starts of the process beyond the first"),
        Metric("", "uptime_seconds", .gauge, "seconds", "since the process was ready"),
        Metric("", "silent_seconds", .gauge, "seconds", "since its last sign of life"),
        Metric(
            "", "loop_lag_seconds", .gauge, "seconds", "longest turn of its loop in the last second"
        ),
        Metric("", "progress", .counter, "units of work", "rises with work done"),
        Metric("", "waiting", .gauge, "units of work", "work known to wait"),
    ]

    static let process: [Metric] = [
        Metric("", "process.rss_bytes", .gauge, "bytes", "resident memory"),
        Metric("", "process.cpu_seconds", .counter, "seconds", "processor time, user and system"),
        Metric("", "process.descriptors", .gauge, "descriptors", "open file descriptors"),
        Metric("", "process.descriptors_max", .gauge, "descriptors", "limit of the process"),
    ]

    static let front: [Metric] = [
        Metric("", "unauthorised", .counter, "frames", "refused: the key may not ask this"),
        Metric("", "malformed", .counter, "frames", "refused: not well formed or of unknown kind"),
        Metric("", "undeliverable", .counter, "answers", "their asker was gone or did not read"),
        Metric(
            "", "connections_cut", .counter, "connections",
            "ended because they took more than they may"),
        Metric("", "oversized", .counter, "answers", "larger than a frame; refused instead"),
    ]
}
