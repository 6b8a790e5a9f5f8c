import Features
package import Runtime
import Storage
package import System

/// Makes the state of one partition anew from base and log, beside the one that is damaged or lost,
/// and puts it in its place once it is whole. Readers have the old one until then, and their error.
package struct PartitionRepair: Sendable {
    /// What was done.
    package struct Outcome: Sendable, Equatable {
        /// Records that the new state has.
        package var records: UInt64
        package var users: Int
        /// Where the damaged file lies now; nil where there was none.
        package var keptAs: String?
    }

    /// Damaged files kept for a look at them, of each partition.
    package static let keptMax = 2
    private let folder: DataFolder
    private let partition: Int
    private let outboxEntriesMax: Int

    package init(_ folder: DataFolder, partition: Int, outboxEntriesMax: Int = 0) {
        self.folder = folder
        self.partition = partition
        self.outboxEntriesMax = outboxEntriesMax
    }

    private var path: String { StateFiles(folder).path(partition) }
    private var setAsideFolder: String { "\(folder.stateFolder)/damaged" }

    /// Which file was found damaged; nil where there was none.
    package var found: FileIdentity? { Files.identity(path) }

    /// Takes as long as folding the partition's log. Several processes may try: nil where another
    /// is at it, or has put another file in the place of the one that was `found`.
    package func run(replacing found: FileIdentity?, nowMs: Int64) throws -> Outcome? {
        let lock: FolderLock
        do throws(FolderLock.Failure) {
            lock = try FolderLock("\(path).lock", note: "rebuild")
        } catch {
            guard case .held = error else { throw ArchiveFailure.inputOutput("\(error)") }
            return nil
        }
        guard Files.identity(path) == found else { return nil }
        let guardian = try RetentionLock.shared(folder)
        defer { withExtendedLifetime(guardian) {} }
        let made = "\(path).rebuild"
        Base.removeStore(made)
        let (records, users) = try rebuild(made)
        let kept = try setAside(nowMs)
        try Files.rename(made, path)
        try Files.syncFolder(folder.stateFolder)
        _ = consume lock
        return Outcome(records: records, users: users, keptAs: kept)
    }

    private func rebuild(_ made: String) throws -> (UInt64, Int) {
        _ = try Base(folder).copy(of: partition, to: made)
        let log = try SQLiteEventLog(folder: folder.logFolder, readOnly: true)
        let end = try log.end(partition: partition)
        let store = try SQLitePartitionStore.scratch(path: made, partition: partition)
        store.outboxEntriesMax = outboxEntriesMax
        try PartitionRebuild(from: log, keys: folder.userKeys()).advance(store, to: end)
        try store.settle()
        try Files.sync(made)
        return (end, try store.userCount())
    }

    /// Moves the damaged file out of the way; the oldest of those kept go.
    private func setAside(_ nowMs: Int64) throws -> String? {
        guard Files.exists(path) else {
            for suffix in ["-wal", "-shm"] { try Files.remove(path + suffix) }
            return nil
        }
        try Files.makeFolder(setAsideFolder)
        let kept = "\(setAsideFolder)/\(partition)-\(nowMs).sqlite"
        for suffix in ["-wal", "-shm", ""] where Files.exists(path + suffix) {
            try Files.rename(path + suffix, kept + suffix)
        }
        let all = try Files.list(setAsideFolder).filter {
            $0.hasPrefix("\(partition)-") && $0.hasSuffix(".sqlite")
        }
        for name in all.dropLast(Self.keptMax) { Base.removeStore("\(setAsideFolder)/\(name)") }
        return kept
    }
}
