package import Messages

/// What `limn top` shows, from two states of the cluster and the time between them.
package struct TopSample: Sendable, Equatable {
    /// One process.
    package struct Process: Sendable, Equatable {
        package var name: String
        package var state: String
        package var pid: UInt32
        package var uptimeSeconds: Double
        package var restarts: UInt32
        /// Share of one processor; nil without an earlier state of the same process.
        package var cpu: Double?
        package var rssBytes: Double
        package var descriptors: Double
        package var loopLagMs: Double
        package var waiting: UInt64
        package var reason: String
    }

    package var state: String
    package var build: String
    package var uptimeSeconds: Double
    /// Records acknowledged per second.
    package var acceptedRate: Double?
    /// Records applied to user states per second.
    package var appliedRate: Double?
    /// Requests answered per second.
    package var answeredRate: Double?
    /// Records in the log that are not applied yet.
    package var lag: Double
    package var commitMs: Double
    package var p50Us: Double
    package var p99Us: Double
    package var rejected: Double
    package var refused: Double
    package var stale: Double
    package var restarts: UInt32
    package var processes: [Process]

    package init(_ now: Status, before: Status?, seconds: Double) {
        state = now.state
        build = now.build
        uptimeSeconds = Double(now.uptimeMs) / 1000
        restarts = now.roles.reduce(0) { $0 + $1.restarts }
        let rates = Rates(now: now, before: before, seconds: seconds)
        acceptedRate = rates.of("ingest", "accepted")
        appliedRate = rates.of("features", "applied")
        answeredRate = rates.of("scoring", "answered")
        lag = Self.sum(now, "features", "lag")
        commitMs = Self.largest(now, "ingest", "commit_ms_mean")
        p50Us = Self.largest(now, "scoring", "latency_p50_us")
        p99Us = Self.largest(now, "scoring", "latency_p99_us")
        rejected = Self.sum(now, "ingest", "rejected")
        refused = Self.sum(now, "ingest", "refused_batches")
        stale = Self.sum(now, "scoring", "stale_answers")
        processes = now.roles.map { role in
            Process(
                name: "\(role.role) \(role.index)", state: role.state, pid: role.pid,
                uptimeSeconds: Double(role.uptimeMs) / 1000, restarts: role.restarts,
                cpu: rates.of(process: role, "process.cpu_seconds"),
                rssBytes: role.counter("process.rss_bytes"),
                descriptors: role.counter("process.descriptors"),
                loopLagMs: Double(role.loopLagUs) / 1000, waiting: role.waiting,
                reason: role.reason)
        }
    }

    private static func sum(_ status: Status, _ role: String, _ name: String) -> Double {
        status.roles.filter { $0.role == role }.reduce(0) { $0 + $1.counter(name) }
    }

    private static func largest(_ status: Status, _ role: String, _ name: String) -> Double {
        status.roles.filter { $0.role == role }.map { $0.counter(name) }.max() ?? 0
    }
}

/// How fast counters rise, process by process: one that began anew starts from nothing.
private struct Rates {
    let now: Status
    let before: Status?
    let seconds: Double

    func of(_ role: String, _ name: String) -> Double? {
        guard before != nil, seconds > 0 else { return nil }
        return now.roles.filter { $0.role == role }.reduce(0) {
            $0 + (of(process: $1, name) ?? 0)
        }
    }

    func of(process: RoleStatus, _ name: String) -> Double? {
        let same = before?.roles.first {
            $0.role == process.role && $0.index == process.index && $0.pid == process.pid
        }
        guard let same, process.pid > 0, seconds > 0 else { return nil }
        return max(0, process.counter(name) - same.counter(name)) / seconds
    }
}

extension RoleStatus {
    /// A counter's value, 0 if it is not counted.
    func counter(_ name: String) -> Double { counters.first { $0.name == name }?.value ?? 0 }
}
