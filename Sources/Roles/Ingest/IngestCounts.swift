import Cleaning
import Messages
import Runtime

/// What ingest counts. Records of answered batches = accepted + duplicates + rejected.
struct IngestCounts {
    var batches: UInt64 = 0
    var repeatedBatches: UInt64 = 0
    var refusedBatches: UInt64 = 0
    /// Why batches were refused.
    private var refusals: [ErrorCode: UInt64] = [:]
    var accepted: UInt64 = 0
    var duplicates: UInt64 = 0
    var rejected: UInt64 = 0
    var commits: UInt64 = 0
    var failedCommits: UInt64 = 0
    var committedRecords: UInt64 = 0
    var commitNs: UInt64 = 0
    var fetches: UInt64 = 0
    var fetchesFromDisk: UInt64 = 0
    private var cleaning = CleaningCounts()

    var progress: UInt64 { batches + fetches }

    mutating func note(_ group: Group, ns: UInt64) {
        commits += 1
        committedRecords += UInt64(group.records)
        commitNs += ns
        cleaning += group.cleaning
    }

    /// A repeated batch was counted when it first came, in this life of the process or an earlier
    /// one.
    mutating func note(_ result: BatchResult) {
        batches += 1
        if result.already {
            repeatedBatches += 1
            return
        }
        accepted += UInt64(result.accepted)
        duplicates += UInt64(result.duplicates)
        rejected += UInt64(result.rejected)
    }

    mutating func note(refused code: ErrorCode) {
        refusedBatches += 1
        refusals[code, default: 0] += 1
    }

    /// The rules are those of the plan, by place.
    func put(into vitals: inout RoleVitals, rules: [CleaningRule]) {
        vitals.count("batches", batches)
        vitals.count("repeated_batches", repeatedBatches)
        vitals.count("refused_batches", refusedBatches)
        vitals.count("accepted", accepted)
        vitals.count("duplicates", duplicates)
        vitals.count("rejected", rejected)
        for (code, count) in refusals.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            vitals.count("refused.\(code.name)", count)
        }
        for (key, count) in cleaning.counts where rules.indices.contains(key.rule) {
            let source = key.source.isEmpty ? "-" : key.source
            vitals.count(
                "cleaned.\(rules[key.rule].name)/\(source)/\(key.decision.rawValue)", count)
        }
        vitals.count("commits", commits)
        vitals.count("failed_commits", failedCommits)
        if commits > 0 {
            vitals.count("records_per_commit", Double(committedRecords) / Double(commits))
            vitals.count("commit_ms_mean", Double(commitNs) / Double(commits) / 1e6)
        }
        vitals.count("fetches", fetches)
        vitals.count("fetches_from_disk", fetchesFromDisk)
    }
}
