import Events
package import Features
package import Identity
package import Runtime
import Storage
import System

/// Reads the state of one user, or of one person, without a cluster.
package struct StateReader {
    private let folder: DataFolder

    package init(_ folder: DataFolder) { self.folder = folder }

    /// The state of the person that an identifier is of, under the person's name; nil if there is
    /// none.
    package func person(of userID: String, in graph: IdentityGraph) throws -> UserState? {
        let identifiers = graph.identifiers(of: userID)
        return UserState.person(
            identifiers[0], of: try identifiers.compactMap { try state(of: $0) })
    }

    /// The state of one identifier, nil if there is none.
    package func state(of userID: String) throws -> UserState? {
        let partition = Partitions.partition(ofUser: userID)
        guard let store = try StateFiles(folder).open(partition) else { return nil }
        return try store.state(of: userID, folder.userKeys())
    }
}
