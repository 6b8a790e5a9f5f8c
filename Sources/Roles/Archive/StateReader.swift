import Events
package import Features
package import Runtime
import Storage
import System

/// Reads one user's state without a cluster.
package struct StateReader {
    private let folder: DataFolder

    package init(_ folder: DataFolder) { self.folder = folder }

    /// The state of a user, nil if there is none.
    package func state(of userID: String) throws -> UserState? {
        let hash = XXH64.hash(userID)
        let partition = Partitions.partition(ofHash: hash)
        let path = SQLitePartitionStore.path(folder: folder.stateFolder, partition: partition)
        guard Files.exists(path) else { return nil }
        let store = try SQLitePartitionStore(
            folder: folder.stateFolder, partition: partition, readOnly: true)
        // Ids that share a hash lie under the next keys.
        var key = hash
        while let bytes = try store.loadUser(key) {
            let state = try UserState(decoding: bytes.span)
            if state.userID == userID { return state }
            key &+= 1
        }
        return nil
    }
}
