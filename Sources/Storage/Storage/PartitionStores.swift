import SQLite

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

    /// The files are `<folder>/<partition>.sqlite`; the folder must exist. A state that is missing,
    /// or older than its namesake in `base`, begins as a copy of that, because the log may not have
    /// what comes before. `outboxEntriesMax` bounds each outbox; 0 keeps all. A state that is
    /// ordered by another secret than `keying` is put in order when it is opened; nil takes each as
    /// it is.
    package init(
        folder: String, base: String? = nil, outboxEntriesMax: Int = 0, keying: RowKeying? = nil
    ) {
        self.keying = keying
        self.folder = folder
        self.base = base
        self.outboxEntriesMax = outboxEntriesMax
    }

    package func hold(_ isHeld: Bool) { LogCopies.hold(isHeld) }

    private func store(_ partition: Int) throws(StorageError) -> SQLitePartitionStore {
        if let base {
            try SQLitePartitionStore.seed(folder: folder, base: base, partition: partition)
        }
        let store = try SQLitePartitionStore(folder: folder, partition: partition)
        store.outboxEntriesMax = outboxEntriesMax
        return store
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
