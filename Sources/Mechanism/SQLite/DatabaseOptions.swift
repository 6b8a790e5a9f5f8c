/// How a database file is opened; every setting is per connection except `pageSize`.
package struct DatabaseOptions: Sendable, Equatable {
    /// How far a commit waits for the disk in WAL mode.
    package enum Synchronous: String, Sendable {
        /// A commit returns after fsync: it survives a power cut.
        case full = "FULL"
        /// A commit is atomic but the last ones may be lost with the power.
        case normal = "NORMAL"
        /// Nothing waits for the disk: for files that are made anew after a power cut.
        case off = "OFF"
    }

    package var readOnly = false
    package var synchronous = Synchronous.full
    /// How long a lock of another connection is waited for, in milliseconds.
    package var busyTimeoutMs: Int32 = 5_000
    /// Page cache of the connection, in bytes.
    package var cacheBytes = 2 << 20
    /// Whether a transaction larger than the cache writes pages before it commits, some repeatedly.
    package var spillsCache = true
    /// How much of the file may be read through a memory map, in bytes; 0 turns it off.
    package var mmapBytes = 0
    /// Page size in bytes of a file that is created; an existing file keeps its own.
    package var pageSize = 4096
    /// Pages in the WAL after which a commit copies them into the file.
    package var checkpointPages = 1_000
    /// Whether that is done on another thread (``LogCopy``) and not within the commit.
    package var copiesLogAside = false
    /// Size in bytes to which the WAL file is cut back after a checkpoint.
    package var journalBytes = 64 << 20

    package init() {}
}
