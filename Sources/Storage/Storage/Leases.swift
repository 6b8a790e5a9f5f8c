/// Who may write which partition: a lease is an epoch, and the store refuses older ones.
package protocol Leases {
    /// Takes a partition for an epoch and opens its store; `fenced` where a newer epoch has it.
    func acquire(partition: Int, epoch: UInt64) throws(StorageError) -> any PartitionStore
}

/// Leases over the partition files of one folder.
package struct FolderLeases: Leases, Sendable {
    private let folder: String

    /// Leases over `<folder>/<partition>.sqlite`; the folder must exist.
    package init(folder: String) {
        self.folder = folder
    }

    package func acquire(
        partition: Int, epoch: UInt64
    ) throws(StorageError) -> any PartitionStore {
        let store = try SQLitePartitionStore(folder: folder, partition: partition)
        try store.claim(epoch: epoch)
        return store
    }
}
