import Events
package import Identity
import Messages
package import Runtime
import Storage
import System

/// Follows the links in the log of a folder: who is who, as committed so far.
///
/// Where retention removed links that hold, it appended them again; so nothing is missing.
package final class LinkReader {
    /// Who is who by the links read so far.
    package private(set) var graph = IdentityGraph()
    private let folder: DataFolder
    private var log: SQLiteEventLog?
    private var next: UInt64 = 0

    package init(_ folder: DataFolder) { self.folder = folder }

    /// Reads on, a few megabytes of the log at most.
    ///
    /// - Parameter changed: called with the identifiers of each person that a link makes or parts.
    /// - Returns: whether there was anything more to read.
    /// - Throws: what keeps the log from being read.
    package func readMore(_ changed: ([String]) -> Void = { _ in }) throws -> Bool {
        // There is no log before the first start.
        guard log != nil || Files.exists(folder.eventLogFile) else { return false }
        let log = try self.log ?? SQLiteEventLog(folder: folder.logFolder, readOnly: true)
        self.log = log
        if next == 0, try takeSnapshot(log, changed) { return true }
        let start = try max(next, log.firsts()[Partitions.catalogue])
        next = try CatalogueScan(log).forEachRecord(from: start, to: start + 1) { _, content, _ in
            take(content, changed)
        }
        return next > start
    }

    private func take(_ content: Record.Content, _ changed: ([String]) -> Void) {
        guard case .link(let link) = content else { return }
        // Both sides as they are before: together they are whoever is one afterwards.
        let sides = graph.identifiers(of: link.userID) + graph.identifiers(of: link.otherID)
        if graph.apply(link) { changed(sides) }
    }

    /// Begins with what ingest has gathered; false where there is nothing that fits the log, which
    /// is then read from its beginning.
    private func takeSnapshot(
        _ log: SQLiteEventLog, _ changed: ([String]) -> Void
    ) throws -> Bool {
        let snapshot: CatalogueSnapshot?
        do {
            snapshot = try CatalogueSnapshot.read(
                folder: folder.logFolder, of: log, partition: Partitions.catalogue)
        } catch is CatalogueSnapshot.Refusal {
            // Ingest says so and makes it anew.
            return false
        }
        guard let snapshot, snapshot.offset > 0 else { return false }
        try snapshot.forEachRecord { record in
            if let content = record.content { take(content, changed) }
        }
        next = snapshot.offset
        return true
    }

    /// Who is who by all links committed so far.
    package static func graph(of folder: DataFolder) throws -> IdentityGraph {
        let reader = LinkReader(folder)
        while try reader.readMore() {}
        return reader.graph
    }
}
