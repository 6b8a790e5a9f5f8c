import Events
import Messages
package import Runtime
package import Storage
import System

/// Works out how much of the log may go and makes the base ready for it: everything of a pass that
/// takes time. Runs on a thread of its own, with connections of its own.
///
/// Nothing may go that a worker has not committed, nor that the base does not hold. The base is
/// brought on by folding exactly what is to go, so whatever stays can still be replayed.
package struct RetentionPlan: Sendable {
    private let folder: DataFolder
    private let settings: Configuration.Retention
    private let nowMs: Int64

    package init(_ folder: DataFolder, settings: Configuration.Retention, nowMs: Int64) {
        self.folder = folder
        self.settings = settings
        self.nowMs = nowMs
    }

    /// What may go: every group before this one, once these are appended again.
    package struct Outcome: Sendable {
        package var group: LogGroup
        /// Items and links that would be gone.
        package var lost: CatalogueEntries
        /// The catalogue was looked through up to here.
        package var scannedTo: UInt64
    }

    /// Nil when there is nothing to remove.
    package func make() throws -> Outcome? {
        let log = try SQLiteEventLog(folder: folder.logFolder, readOnly: true)
        guard let range = try log.groups() else { return nil }
        let wanted = min(try max(byAge(log), bySize(log, range)), range.upperBound)
        guard wanted > range.lowerBound else { return nil }
        let applied = try (0..<Partitions.users).map(appliedOffset)
        let ahead = try log.firstGroup { group in
            (0..<Partitions.users).contains { group.starts[$0] > applied[$0] }
        }
        let allowed = min(wanted, (ahead?.id ?? Int64.max) - 1)
        guard allowed > range.lowerBound, let group = try log.group(allowed) else { return nil }
        for partition in 0..<Partitions.users {
            try advanceBase(partition, to: group.starts[partition], log)
        }
        let (lost, scannedTo) = try lostEntries(log, before: group.starts[Partitions.catalogue])
        return Outcome(group: group, lost: lost, scannedTo: scannedTo)
    }

    /// The first group young enough to stay.
    private func byAge(_ log: SQLiteEventLog) throws -> Int64 {
        guard settings.logAge > .zero else { return 0 }
        let oldest = nowMs - settings.logAge.milliseconds
        return try log.firstGroup { $0.receivedMs >= oldest }?.id ?? Int64.max
    }

    /// The first group that can stay when the file is to hold no more than the limit.
    private func bySize(_ log: SQLiteEventLog, _ range: ClosedRange<Int64>) throws -> Int64 {
        guard settings.logBytes > 0 else { return 0 }
        let size = try log.fileBytes()
        var excess = size.all - size.free - settings.logBytes
        var group = range.lowerBound
        while excess > 0, group < range.upperBound {
            excess -= try log.bytes(ofGroup: group)
            group += 1
        }
        return group
    }

    private func appliedOffset(_ partition: Int) throws -> UInt64 {
        let path = SQLitePartitionStore.path(folder: folder.stateFolder, partition: partition)
        guard Files.exists(path) else { return 0 }
        return try SQLitePartitionStore(
            folder: folder.stateFolder, partition: partition, readOnly: true
        ).appliedOffset()
    }

    private func advanceBase(
        _ partition: Int, to offset: UInt64, _ log: SQLiteEventLog
    ) throws {
        guard try Base(folder).offset(partition) < offset else { return }
        try Files.makeFolder(folder.baseFolder)
        let store = try SQLitePartitionStore(folder: folder.baseFolder, partition: partition)
        store.outboxEntriesMax = settings.outboxEntries
        try PartitionRebuild(from: log, keys: folder.userKeys()).advance(store, to: offset)
        // The store's commits wait for no disk; what is to be relied on must be on it.
        guard try store.settle() else {
            throw ArchiveFailure.inputOutput("the base of partition \(partition) is in use")
        }
        try Files.syncFolder(folder.baseFolder)
    }

    /// Items whose newest record lies before the offset, and links made before it that still hold;
    /// with how far the catalogue was read.
    private func lostEntries(
        _ log: SQLiteEventLog, before cut: UInt64
    ) throws -> (CatalogueEntries, UInt64) {
        let first = try log.firsts()[Partitions.catalogue]
        var entries = CatalogueEntries()
        guard cut > first else { return (entries, first) }
        let end = try CatalogueScan(log).forEachRecord(from: first) { offset, content, record in
            entries.take(content, offset < cut ? record.array(0..<record.count) : nil)
        }
        return (entries, end)
    }
}
