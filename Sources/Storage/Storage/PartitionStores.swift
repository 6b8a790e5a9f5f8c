/// Opens the stores of partitions for those who hold a lease.
package protocol PartitionStores: Sendable {
    /// Opens a partition and claims it for an epoch; `fenced` where a later epoch has it.
    func open(partition: Int, epoch: UInt64) throws(StorageError) -> any PartitionStore

    /// Opens a partition above every epoch before, for a worker that nobody gives leases to.
    func open(partition: Int) throws(StorageError) -> (store: any PartitionStore, epoch: UInt64)
}

/// The partition files of one folder.
package struct FolderStores: PartitionStores {
    private let folder: String

    /// The files are `<folder>/<partition>.sqlite`; the folder must exist.
    package init(folder: String) {
        self.folder = folder
    }

    package func open(
        partition: Int, epoch: UInt64
    ) throws(StorageError) -> any PartitionStore {
        let store = try SQLitePartitionStore(folder: folder, partition: partition)
        try store.claim(epoch: epoch)
        return store
    }

    package func open(
        partition: Int
    ) throws(StorageError) -> (store: any PartitionStore, epoch: UInt64) {
        let store = try SQLitePartitionStore(folder: folder, partition: partition)
        let epoch = try store.epoch() + 1
        try store.claim(epoch: epoch)
        return (store, epoch)
    }
}
