package import Runtime
import Storage
import System

/// The states as they were at an offset below which the log may have been removed: one store per
/// partition in `base/`, ahead of what is gone and never ahead of what a worker has committed.
package struct Base: Sendable {
    private let folder: DataFolder

    package init(_ folder: DataFolder) { self.folder = folder }

    package func path(_ partition: Int) -> String {
        SQLitePartitionStore.path(folder: folder.baseFolder, partition: partition)
    }

    /// Where the base of a partition stands; 0 where there is none.
    package func offset(_ partition: Int) throws -> UInt64 {
        guard Files.exists(path(partition)) else { return 0 }
        return try SQLitePartitionStore(
            folder: folder.baseFolder, partition: partition, readOnly: true
        ).appliedOffset()
    }

    /// Copies the base of a partition to a path; where there is none, nothing is made.
    ///
    /// - Returns: the offset at which it stands.
    package func copy(of partition: Int, to path: String) throws -> UInt64 {
        guard Files.exists(self.path(partition)) else { return 0 }
        let store = try SQLitePartitionStore(
            folder: folder.baseFolder, partition: partition, readOnly: true)
        try store.copy(to: path)
        return try store.appliedOffset()
    }

    /// Removes a store with what SQLite keeps beside it.
    package static func removeStore(_ path: String) {
        for suffix in ["-wal", "-shm", "-journal", ""] { try? Files.remove(path + suffix) }
    }
}
