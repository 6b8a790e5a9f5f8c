package import Features
package import Runtime
package import Storage
import System

/// The states of a folder for whoever reads them beside the workers. What should be there and is
/// not, or cannot be read, is an error with its name: it is never taken for nobody.
///
/// A partition should be there once the log has had a record of it: workers make the file of every
/// partition when they first open it.
package struct StateFiles: Sendable {
    private let folder: DataFolder

    package init(_ folder: DataFolder) { self.folder = folder }

    package func path(_ partition: Int) -> String {
        SQLitePartitionStore.path(folder: folder.stateFolder, partition: partition)
    }

    /// A partition's states; nil where there is nothing to be folded yet.
    package func open(_ partition: Int) throws -> SQLitePartitionStore? {
        let path = path(partition)
        guard Files.exists(path) else {
            if let lost = try lost(partition) { throw lost }
            return nil
        }
        do throws(StorageError) {
            return try SQLitePartitionStore(
                folder: folder.stateFolder, partition: partition, readOnly: true)
        } catch {
            // A worker may be making it at this moment.
            if try records(in: partition) == 0 { return nil }
            let why = if case .corrupt(let text) = error { text } else { "\(error)" }
            throw ArchiveFailure.damaged(file: path, why)
        }
    }

    /// Whether a partition has a file with anything in it.
    package func isBegun(_ partition: Int) throws -> Bool {
        try ["", "-wal"].contains { suffix in
            let path = path(partition) + suffix
            return try Files.exists(path) && Files.size(path) > 0
        }
    }

    /// Why the file of a partition is missing; nil where it need not be there.
    package func lost(_ partition: Int) throws -> ArchiveFailure? {
        guard let records = try records(in: partition), records > 0 else { return nil }
        return .damaged(
            file: path(partition), "is missing; the log has \(records) records of it")
    }

    /// Lends the state of every identifier of a partition. The structure of the file is looked at
    /// first: sums cannot tell of rows that damage has made unfindable.
    package func forEachState(_ partition: Int, _ body: (UserState) throws -> Void) throws {
        guard let store = try open(partition) else { return }
        if let damage = try store.structuralDamage() {
            throw ArchiveFailure.damaged(file: path(partition), damage)
        }
        do throws(StorageError) {
            try store.forEachUser { key, bytes in
                try body(try Self.state(under: key, bytes))
            }
        } catch {
            guard case .corrupt(let text) = error else { throw error }
            throw ArchiveFailure.damaged(file: path(partition), text)
        }
    }

    private static func state(
        under key: UInt64, _ bytes: Span<UInt8>
    ) throws(StorageError) -> UserState {
        do {
            return try UserState(decoding: bytes)
        } catch {
            throw .corrupt("the state of the user under key \(key) cannot be read: \(error)")
        }
    }

    /// How many records the log ever had; nil in a folder without one, of which nothing is known.
    private func records(in partition: Int) throws -> UInt64? {
        guard Files.exists(folder.eventLogFile) else { return nil }
        return try SQLiteEventLog(folder: folder.logFolder, readOnly: true)
            .end(partition: partition)
    }
}
