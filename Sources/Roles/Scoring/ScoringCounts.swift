import Messages
import Runtime

/// Counted since the start of the process.
struct ScoringCounts: Sendable {
    var byKind: [Int32: UInt64] = [:]
    var refusals: [Int32: UInt64] = [:]
    var answered: UInt64 = 0
    var hits: UInt64 = 0
    var misses: UInt64 = 0
    var stale: UInt64 = 0
    var fallbacks: UInt64 = 0
    var parked: UInt64 = 0
    var modelsRefused: UInt64 = 0
    var failures: UInt64 = 0
    /// Answers of workers that did not own what they were asked for.
    var notOwner: UInt64 = 0
    var movedPartitions: UInt64 = 0
    var latency = LatencyHistogram()

    func put(into vitals: inout RoleVitals) {
        for (kind, count) in byKind.sorted(by: { $0.key < $1.key }) {
            vitals.count("requests.\(Kind(rawValue: kind).name)", count)
        }
        for (code, count) in refusals.sorted(by: { $0.key < $1.key }) {
            vitals.count("errors.\(ErrorCode(rawValue: code).name)", count)
        }
        vitals.count("answered", answered)
        vitals.count("cache_hits", hits)
        vitals.count("cache_misses", misses)
        vitals.count("stale_answers", stale)
        vitals.count("fallback_answers", fallbacks)
        vitals.count("parked", parked)
        vitals.count("models_refused", modelsRefused)
        vitals.count("failures", failures)
        vitals.count("not_owner", notOwner)
        vitals.count("moved_partitions", movedPartitions)
        vitals.count("latency_p50_us", latency.quantile(0.5))
        vitals.count("latency_p99_us", latency.quantile(0.99))
    }
}
