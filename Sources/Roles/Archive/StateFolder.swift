import Events
import Numerics
package import Runtime
import Storage
import Synchronization
import System

/// The states of a folder that is not in use.
package struct StateFolder: Sendable {
    private let folder: DataFolder
    /// Whose log and base are folded.
    private let source: DataFolder

    package init(_ folder: DataFolder, from source: DataFolder? = nil) {
        self.folder = folder
        self.source = source ?? folder
    }

    /// Folds those partitions again whose state has more records than the log.
    ///
    /// - Returns: which they were.
    func rebuildThoseAhead(threads: Int, progress: @escaping Progress) throws -> [Int] {
        let log = try SQLiteEventLog(folder: folder.logFolder)
        let ends = try log.ends()
        let ahead = try (0..<Partitions.users).filter { partition in
            let path = SQLitePartitionStore.path(folder: folder.stateFolder, partition: partition)
            guard Files.exists(path) else { return false }
            let store = try SQLitePartitionStore(
                folder: folder.stateFolder, partition: partition, readOnly: true)
            return try store.appliedOffset() > ends[partition]
        }
        try rebuild(ahead, to: ends, threads: threads, progress: progress)
        return ahead
    }

    /// Makes the states of partitions anew from base and log, up to the offsets given.
    package func rebuild(
        _ partitions: [Int], to ends: [UInt64], threads: Int, cuts: FoldCuts = FoldCuts(),
        progress: @escaping Progress = { _, _ in }
    ) throws {
        try Files.makeFolder(folder.stateFolder)
        let base = Base(source)
        let all = try partitions.reduce(0) { try $0 + Int(ends[$1] - base.offset($1)) }
        let done = Mutex(0)
        let failures = Parallel.map(count: partitions.count, threads: threads) { place in
            let partition = partitions[place]
            do {
                let log = try SQLiteEventLog(folder: source.logFolder, readOnly: true)
                try rebuild(partition, to: ends[partition], from: log, cuts: cuts) { count in
                    let now = done.withLock {
                        $0 += count
                        return $0
                    }
                    progress(now, all)
                }
                return ArchiveFailure?.none
            } catch {
                return ArchiveFailure(error)
            }
        }
        if let failure = failures.compactMap({ $0 }).first { throw failure }
    }

    private func rebuild(
        _ partition: Int, to end: UInt64, from log: SQLiteEventLog, cuts: FoldCuts,
        note: @escaping (Int) -> Void
    ) throws {
        let path = SQLitePartitionStore.path(folder: folder.stateFolder, partition: partition)
        Base.removeStore(path)
        _ = try Base(source).copy(of: partition, to: path)
        let store = try SQLitePartitionStore.scratch(path: path, partition: partition)
        let rebuild = PartitionRebuild(
            from: log, keys: try folder.userKeys(), cuts: cuts, note: note)
        try rebuild.advance(store, to: end)
        try store.settle()
        try Files.sync(path)
    }

    /// Folds one partition from an offset on, as if nothing had been before.
    func fold(_ partition: Int, from start: UInt64, to end: UInt64, note: @escaping (Int) -> Void)
        throws
    {
        let path = SQLitePartitionStore.path(folder: folder.stateFolder, partition: partition)
        let store = try SQLitePartitionStore.scratch(path: path, partition: partition)
        try store.claim(epoch: 1)
        _ = try store.commit(PartitionCommit(epoch: 1, appliedOffset: start))
        let log = try SQLiteEventLog(folder: source.logFolder, readOnly: true)
        let rebuild = PartitionRebuild(from: log, keys: try folder.userKeys(), note: note)
        try rebuild.advance(store, to: end)
        try store.settle()
        try Files.sync(path)
    }
}
