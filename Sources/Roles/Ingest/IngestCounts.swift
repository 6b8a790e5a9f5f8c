import Messages
import Runtime

/// What ingest counts. Records of answered batches = accepted + duplicates + rejected.
struct IngestCounts {
    var batches: UInt64 = 0
    var repeatedBatches: UInt64 = 0
    var refusedBatches: UInt64 = 0
    var accepted: UInt64 = 0
    var duplicates: UInt64 = 0
    var rejected: UInt64 = 0
    var commits: UInt64 = 0
    var failedCommits: UInt64 = 0
    var committedRecords: UInt64 = 0
    var commitNs: UInt64 = 0
    var fetches: UInt64 = 0
    var fetchesFromDisk: UInt64 = 0

    mutating func note(_ group: Group, ns: UInt64) {
        commits += 1
        committedRecords += UInt64(group.records)
        commitNs += ns
    }

    /// A repeated batch was counted when it first came, in this life of the process or an earlier one.
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

    func named(front: FrontCounts) -> [(name: String, value: Double)] {
        [
            ("batches", Double(batches)),
            ("repeated_batches", Double(repeatedBatches)),
            ("refused_batches", Double(refusedBatches)),
            ("accepted", Double(accepted)),
            ("duplicates", Double(duplicates)),
            ("rejected", Double(rejected)),
            ("commits", Double(commits)),
            ("failed_commits", Double(failedCommits)),
            ("records_per_commit", commits == 0 ? 0 : Double(committedRecords) / Double(commits)),
            ("commit_ms_mean", commits == 0 ? 0 : Double(commitNs) / Double(commits) / 1e6),
            ("fetches", Double(fetches)),
            ("fetches_from_disk", Double(fetchesFromDisk)),
            ("unauthorised", Double(front.unauthorised)),
            ("malformed", Double(front.malformed)),
            ("undeliverable", Double(front.undeliverable)),
        ]
    }
}
