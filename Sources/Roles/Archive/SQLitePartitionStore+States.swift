package import Features
package import Storage

extension SQLitePartitionStore {
    /// How far the shop's time has come by the partition's records. Where an earlier version wrote
    /// last, all states are read for it.
    package func newestMs() throws -> Int64 {
        try FoldTotals(totals()) { take in try forEachUser { take($1) } }.newestMs
    }

    /// The states of all users whose ids have a hash: they lie under the next keys.
    package func states(ofHash hash: UInt64) throws -> [UserState] {
        var found: [UserState] = []
        while let bytes = try loadUser(hash &+ UInt64(found.count)) {
            found.append(try UserState(decoding: bytes.span))
        }
        return found
    }
}
