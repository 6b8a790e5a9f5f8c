import Features
import Runtime

/// What a feature worker counts.
struct FeatureCounts {
    /// Records applied since the start.
    var applied: UInt64 = 0
    var commits: UInt64 = 0
    var writtenUsers: UInt64 = 0
    var commitTime: Duration = .zero
    var stateRequests: UInt64 = 0
    var failures: UInt64 = 0

    mutating func note(commit written: Int, taken: Duration) {
        commits += 1
        writtenUsers += UInt64(written)
        commitTime += taken
    }

    func put(into vitals: inout RoleVitals, owned: [Int: OwnedPartition], interval: Duration) {
        vitals.count("applied", applied)
        vitals.count("applied_total", owned.values.reduce(UInt64(0)) { $0 + $1.fold.appliedOffset })
        vitals.count("partitions", owned.count)
        vitals.count("dirty_partitions", owned.values.count { $0.dirtySince != nil })
        vitals.count("hot_users", owned.values.reduce(0) { $0 + $1.fold.table.count })
        vitals.count("hot_bytes", owned.values.reduce(0) { $0 + $1.fold.table.residentBytes })
        vitals.count("commits", commits)
        vitals.count("written_users", writtenUsers)
        if commits > 0 {
            vitals.count("commit_ms_mean", commitTime / .milliseconds(1) / Double(commits))
        }
        vitals.count("checkpoint_ms", interval / .milliseconds(1))
        vitals.count("state_requests", stateRequests)
        vitals.count(
            "unreadable", owned.values.reduce(UInt64(0)) { $0 + $1.fold.counts.unreadable })
        vitals.count("crowded", owned.values.reduce(UInt64(0)) { $0 + $1.fold.counts.crowded })
        vitals.count("failures", failures)
    }
}
