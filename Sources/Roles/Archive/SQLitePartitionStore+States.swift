package import Features
package import Storage

extension SQLitePartitionStore {
    /// The states of all users whose ids have a hash: they lie under the next keys.
    package func states(ofHash hash: UInt64) throws -> [UserState] {
        var found: [UserState] = []
        while let bytes = try loadUser(hash &+ UInt64(found.count)) {
            found.append(try UserState(decoding: bytes.span))
        }
        return found
    }
}
