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

    func named(
        owned: [Int: OwnedPartition], front: FrontCounts, lag: UInt64, interval: Duration
    ) -> [(name: String, value: Double)] {
        let appliedTotal = owned.values.reduce(UInt64(0)) { $0 + $1.fold.appliedOffset }
        let hot = owned.values.reduce(0) { $0 + $1.fold.table.count }
        let dirty = owned.values.reduce(0) { $0 + ($1.dirtySince == nil ? 0 : 1) }
        let unreadable = owned.values.reduce(UInt64(0)) { $0 + $1.fold.counts.unreadable }
        return [
            ("applied", Double(applied)),
            ("applied_total", Double(appliedTotal)),
            ("lag", Double(lag)),
            ("partitions", Double(owned.count)),
            ("dirty_partitions", Double(dirty)),
            ("hot_users", Double(hot)),
            ("commits", Double(commits)),
            ("written_users", Double(writtenUsers)),
            ("commit_ms_mean", commits == 0 ? 0 : commitTime / .milliseconds(1) / Double(commits)),
            ("checkpoint_ms", interval / .milliseconds(1)),
            ("state_requests", Double(stateRequests)),
            ("unreadable", Double(unreadable)),
            ("failures", Double(failures)),
            ("unauthorised", Double(front.unauthorised)),
            ("malformed", Double(front.malformed)),
            ("undeliverable", Double(front.undeliverable)),
        ]
    }
}
