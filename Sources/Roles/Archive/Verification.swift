import Events
import Features
import Numerics
package import Runtime
import Storage
import Synchronization
import System

/// What became of one partition.
package struct PartitionVerdict: Sendable, Equatable {
    package var partition: Int
    /// Offset up to which the stored state has the log.
    package var applied: UInt64 = 0
    /// Where the log ends; what lies between is not folded yet, which is no difference.
    package var logEnd: UInt64 = 0
    /// Where the fold began: 0, or where a base stands.
    package var base: UInt64 = 0
    package var users = 0
    package var stored = ""
    package var rebuilt = ""
    package var differing = 0
    package var differences: [UserDifference] = []
    /// Why it could not be compared, or what differs beside the users.
    package var problem: String?

    package init(partition: Int) { self.partition = partition }

    package var isEqual: Bool { problem == nil && stored == rebuilt }
}

/// Rebuilds states from the log and compares them with what the feature workers have on disk; the
/// cluster may run meanwhile.
package struct Verification: Sendable {
    private let folder: DataFolder
    private let threads: Int
    private let cuts: FoldCuts
    private let differencesMax: Int

    package init(
        _ folder: DataFolder, threads: Int, cuts: FoldCuts = .odd, differencesMax: Int = 5
    ) {
        self.folder = folder
        self.threads = threads
        self.cuts = cuts
        self.differencesMax = differencesMax
    }

    /// The verdicts in the order of the partitions; a damaged file is a verdict, not an error.
    package func run(
        _ partitions: [Int], progress: @escaping Progress = { _, _ in }
    ) throws -> [PartitionVerdict] {
        let guardian = try RetentionLock.shared(folder)
        defer { withExtendedLifetime(guardian) {} }
        let scratch = try Files.makeTemporaryFolder(prefix: "limn-verify")
        defer { try? Files.removeTree(scratch) }
        let all = try total(of: partitions)
        let done = Mutex(0)
        return Parallel.map(count: partitions.count, threads: threads) { place in
            let partition = partitions[place]
            do {
                return try verdict(on: partition, scratch: scratch) { count in
                    let now = done.withLock {
                        $0 += count
                        return $0
                    }
                    progress(now, all)
                }
            } catch {
                var verdict = PartitionVerdict(partition: partition)
                verdict.problem = ArchiveFailure(error).description
                return verdict
            }
        }
    }

    /// Records to fold, for the progress; what cannot be read counts nothing.
    private func total(of partitions: [Int]) throws -> Int {
        let log = try openLog()
        let firsts = try log.firsts()
        return partitions.reduce(0) { sum, partition in
            // Of what cannot be read there is a verdict later.
            let applied = (try? openState(partition)?.appliedOffset()) ?? 0
            return sum + Int(applied - min(applied, firsts[partition]))
        }
    }

    private func openLog() throws -> SQLiteEventLog {
        try SQLiteEventLog(folder: folder.logFolder, readOnly: true)
    }

    private func openState(_ partition: Int) throws -> SQLitePartitionStore? {
        try StateFiles(folder).open(partition)
    }

    /// A state that is ordered otherwise, because its worker has not opened it yet, is compared as
    /// a copy that was put in order.
    private func openState(_ partition: Int, _ scratch: String) throws -> SQLitePartitionStore? {
        guard let store = try openState(partition) else { return nil }
        let keys = try folder.userKeys()
        if try store.keyCheck() == keys.check { return store }
        let path = "\(scratch)/\(partition)-stored.sqlite"
        try store.copy(to: path)
        let copy = try SQLitePartitionStore.scratch(path: path, partition: partition)
        try copy.rekey(by: keys.rows)
        return copy
    }

    private func verdict(
        on partition: Int, scratch: String, note: @escaping (Int) -> Void
    ) throws -> PartitionVerdict {
        var verdict = PartitionVerdict(partition: partition)
        let log = try openLog()
        verdict.logEnd = try log.end(partition: partition)
        guard let store = try openState(partition, scratch) else { return verdict }
        let keys = try folder.userKeys()
        try store.snapshot {
            verdict.applied = try store.appliedOffset()
            verdict.logEnd = try log.end(partition: partition)
            guard verdict.applied <= verdict.logEnd else {
                verdict.problem =
                    "the state has \(verdict.applied) records, the log \(verdict.logEnd)"
                return
            }
            if let strangeness = try store.strangeness(of: log) {
                verdict.problem = "\(strangeness)"
                return
            }
            let digest = try StateDigest(of: store)
            (verdict.stored, verdict.users) = (digest.sha256, digest.users)
            let path = "\(scratch)/\(partition).sqlite"
            defer {
                Base.removeStore(path)
                Base.removeStore("\(scratch)/\(partition)-stored.sqlite")
            }
            verdict.base = try Base(folder).copy(of: partition, to: path)
            let rebuilt = try SQLitePartitionStore.scratch(path: path, partition: partition)
            try PartitionRebuild(from: log, keys: keys, cuts: cuts, note: note)
                .advance(rebuilt, to: verdict.applied)
            verdict.rebuilt = try StateDigest(of: rebuilt).sha256
            if verdict.stored != verdict.rebuilt {
                (verdict.differences, verdict.differing) = try UserDifference.find(
                    stored: store, rebuilt: rebuilt, most: differencesMax)
            }
            verdict.problem =
                try digest.problem ?? OutboxCheck(store).problem(against: rebuilt.outboxEnd())
        }
        return verdict
    }
}
