/// What ingest keeps beside the records, written in the same transaction as they are.
package struct LogNotes: Sendable, Equatable {
    /// Ids of events of producers that do not number their batches, by the keys that sent them.
    package var eventIDs: [EventIDRun] = []
    /// When they came, by the clock that forgets them.
    package var eventIDsAtMs: Int64 = 0
    /// Ids that came before this are no longer needed; a few go with each append.
    package var forgetEventIDsBeforeMs: Int64?
    /// How far the feature workers are, per partition.
    package var applied: [UInt64] = []
    /// Rejects whose records, corrected or not, are among the ones appended.
    package var retried: [RejectMark] = []
    /// Names of producers that belong to a key from now on.
    package var claims: [ProducerClaim] = []

    package init() {}
}

/// A reject whose record was sent again and taken.
package struct RejectMark: Sendable, Equatable {
    package var id: Int64
    package var atMs: Int64
    /// Whose key asked for it.
    package var by: String

    package init(id: Int64, atMs: Int64, by: String) {
        self.id = id
        self.atMs = atMs
        self.by = by
    }
}

/// How many rejects are kept; beyond it the oldest go, and are counted.
package struct RejectLimits: Sendable, Equatable {
    package var rowsMax: Int
    package var bytesMax: Int

    package init(rowsMax: Int = 100_000, bytesMax: Int = 256 << 20) {
        self.rowsMax = rowsMax
        self.bytesMax = bytesMax
    }
}

/// What became of rejects that are no longer to be dealt with.
package struct RejectAccount: Sendable, Equatable {
    /// Kept now.
    package var rows: UInt64 = 0
    package var bytes: UInt64 = 0
    /// Given up by a person.
    package var dropped: UInt64 = 0
    /// Gone because there were too many.
    package var evicted: UInt64 = 0
    package var retried: UInt64 = 0

    package init() {}
}

/// Which rejects are wanted.
package struct RejectFilter: Sendable, Equatable {
    package var after: Int64 = 0
    package var limit = 100
    package var ids: [Int64] = []
    package var code: Int?
    package var producer: String?
    package var sinceMs: Int64?

    package init() {}
}
