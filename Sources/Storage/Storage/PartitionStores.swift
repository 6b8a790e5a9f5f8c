import SQLite
import System

/// Opens the stores of partitions for those who hold a lease.
package protocol PartitionStores: Sendable {
    /// Opens a partition and claims it for an epoch; `fenced` where a later epoch has it.
    func open(partition: Int, epoch: UInt64) throws(StorageError) -> any PartitionStore

    /// Opens a partition above every epoch before, for a worker that nobody gives leases to.
    func open(partition: Int) throws(StorageError) -> (store: any PartitionStore, epoch: UInt64)

    /// Whether work on the disk that can wait, such as copying logs, is to wait at present.
    func hold(_ isHeld: Bool)
}

/// The partition files of one folder.
package struct FolderStores: PartitionStores {
    private let folder: String
    private let base: String?
    private let outboxEntriesMax: Int
    private let keying: RowKeying?
    private let logFolder: String?
    private let foldingAgain: @Sendable (LogStrangeness) -> Void

    /// The files are `<folder>/<partition>.sqlite`; the folder must exist. A state that is missing,
    /// or older than its namesake in `base`, begins as a copy of that, because the log may not have
    /// what comes before. `outboxEntriesMax` bounds each outbox; 0 keeps all. A state that is
    /// ordered by another secret than `keying` is put in order when it is opened; nil takes each as
    /// it is.
    ///
    /// With `log`, the folder of the event log, each state is compared with it before anybody gets
    /// it. One that is ahead of the log is set aside as `<partition>.sqlite.ahead` and begins anew,
    /// which `foldingAgain` is told; one of another log is refused.
    package init(
        folder: String, base: String? = nil, outboxEntriesMax: Int = 0, keying: RowKeying? = nil,
        log: String? = nil, foldingAgain: @escaping @Sendable (LogStrangeness) -> Void = { _ in }
    ) {
        self.keying = keying
        self.folder = folder
        self.base = base
        self.outboxEntriesMax = outboxEntriesMax
        logFolder = log
        self.foldingAgain = foldingAgain
    }

    package func hold(_ isHeld: Bool) { LogCopies.hold(isHeld) }

    private func store(_ partition: Int) throws(StorageError) -> SQLitePartitionStore {
        if let base {
            try SQLitePartitionStore.seed(folder: folder, base: base, partition: partition)
        }
        var store = try SQLitePartitionStore(folder: folder, partition: partition)
        if let log = try openLog() {
            if let strangeness = try store.strangeness(of: log) {
                guard strangeness.mayFoldAgain else { throw .strangeLog(strangeness) }
                store = try anew(store, strangeness)
            }
            store.logIdentity = try log.identity()
        }
        store.outboxEntriesMax = outboxEntriesMax
        return store
    }

    /// Nil before ingest has made it at the first start of a cluster.
    private func openLog() throws(StorageError) -> SQLiteEventLog? {
        guard let logFolder, Files.exists("\(logFolder)/\(SQLiteEventLog.fileName)") else {
            return nil
        }
        do {
            return try SQLiteEventLog(folder: logFolder, readOnly: true)
        } catch .busy {
            return nil
        }
    }

    /// Sets the state aside, so that nothing is lost that a person may want, and begins another.
    private func anew(
        _ store: SQLitePartitionStore, _ strangeness: LogStrangeness
    ) throws(StorageError) -> SQLitePartitionStore {
        let partition = store.partition
        let epoch = try store.epoch()
        try store.settle()
        let path = SQLitePartitionStore.path(folder: folder, partition: partition)
        try storing {
            for suffix in ["", "-wal", "-shm"] where Files.exists(path + suffix) {
                try Files.rename(path + suffix, path + ".ahead" + suffix)
            }
            try Files.syncFolder(folder)
        }
        foldingAgain(strangeness)
        if let base {
            try SQLitePartitionStore.seed(folder: folder, base: base, partition: partition)
        }
        let anew = try SQLitePartitionStore(folder: folder, partition: partition)
        if let log = try openLog(), let still = try anew.strangeness(of: log) {
            // The base, too, has what the log has not.
            throw .strangeLog(still)
        }
        // Whoever held the other file must not come back under its epoch.
        try anew.claim(epoch: max(epoch, try anew.epoch()))
        return anew
    }

    package func open(
        partition: Int, epoch: UInt64
    ) throws(StorageError) -> any PartitionStore {
        let store = try store(partition)
        try store.claim(epoch: epoch)
        if let keying { try store.rekey(by: keying) }
        return store
    }

    package func open(
        partition: Int
    ) throws(StorageError) -> (store: any PartitionStore, epoch: UInt64) {
        let store = try store(partition)
        let epoch = try store.epoch() + 1
        try store.claim(epoch: epoch)
        if let keying { try store.rekey(by: keying) }
        return (store, epoch)
    }
}
