import SQLite
import System

extension SQLitePartitionStore {
    /// A store for a fold that begins anew after a crash: nothing waits for the disk.
    package static func scratch(
        path: String, partition: Int
    ) throws(StorageError) -> SQLitePartitionStore {
        var options = DatabaseOptions()
        options.synchronous = .off
        options.pageSize = 2_048
        options.cacheBytes = 8 << 20
        options.journalBytes = 0
        return try SQLitePartitionStore(path: path, partition: partition, options: options)
    }

    /// Runs the body against one unchanging view of the partition, while others may write.
    package func snapshot<Value>(_ body: () throws -> Value) throws(StorageError) -> Value {
        try storing {
            try database.snapshot {
                _ = try database.integer("SELECT count(*) FROM meta")
                return try body()
            }
        }
    }

    /// Copies one unchanging view into a new file, durable on return, while others may write.
    package func copy(
        to path: String, progress: (_ done: Int, _ all: Int) throws -> Void = { _, _ in }
    ) throws(StorageError) {
        try storing { try database.copy(to: path, progress: progress) }
    }

    /// Puts everything into the one file, on disk, and empties the write-ahead log; false where a
    /// reader was in the way.
    @discardableResult
    package func settle() throws(StorageError) -> Bool {
        try storing { try database.checkpoint() }
    }

    /// Pages of the file and their size, for an estimate of how much a copy takes.
    package func fileBytes() throws(StorageError) -> Int {
        try storing { try database.fileBytes() }
    }

    /// Checks the file's own structure; nil when it is sound.
    package func structuralDamage() throws(StorageError) -> String? {
        try storing { try database.damage() }
    }

    /// Makes the state of a partition a copy of its base when it is missing or older than that.
    static func seed(folder: String, base: String, partition: Int) throws(StorageError) {
        let source = path(folder: base, partition: partition)
        guard Files.exists(source) else { return }
        let from = try SQLitePartitionStore(folder: base, partition: partition, readOnly: true)
        let target = path(folder: folder, partition: partition)
        if Files.exists(target) {
            let own = try SQLitePartitionStore(folder: folder, partition: partition)
            if try own.appliedOffset() >= from.appliedOffset() { return }
        }
        let temporary = target + ".tmp"
        try storing {
            try Files.remove(temporary)
            try from.copy(to: temporary)
            for suffix in ["-wal", "-shm"] { try Files.remove(target + suffix) }
            try Files.rename(temporary, target)
            try Files.syncFolder(folder)
        }
    }
}
