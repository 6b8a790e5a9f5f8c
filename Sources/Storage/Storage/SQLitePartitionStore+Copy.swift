import SQLite

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

    /// Puts everything into the one file and empties the write-ahead log.
    package func settle() throws(StorageError) {
        try storing { _ = try database.checkpoint() }
    }

    /// Pages of the file and their size, for an estimate of how much a copy takes.
    package func fileBytes() throws(StorageError) -> Int {
        try storing { try database.fileBytes() }
    }

    /// Checks the file's own structure; nil when it is sound.
    package func structuralDamage() throws(StorageError) -> String? {
        try storing { try database.damage() }
    }
}
