import Archive
import Events
import Identity
import Messages
import Runtime
import Storage
import System

/// The catalogue as the log has it now: the snapshot beside the log, and what came after it.
/// Whoever makes a snapshot anew reads it in the same way, so that neither costs what the log was
/// ever told.
struct CatalogueReading {
    private(set) var snapshot: CatalogueSnapshot
    /// Records that are not in the file.
    private let readOn: Int
    private let folder: String
    private let identity: LogIdentity?

    /// A snapshot that is damaged or of another log is not used, and said to be.
    init(_ log: SQLiteEventLog, _ environment: RoleEnvironment) throws {
        folder = environment.folder.logFolder
        identity = try log.identity()
        var read: CatalogueSnapshot?
        do {
            read = try CatalogueSnapshot.read(
                folder: folder, of: log, partition: Partitions.catalogue)
        } catch {
            environment.log.warning(
                "the snapshot of the catalogue is not used: the log is read instead",
                ["file": CatalogueSnapshot.path(folder: folder), "error": "\(error)"])
        }
        var snapshot = read ?? CatalogueSnapshot()
        readOn = try snapshot.readOn(
            log, partition: Partitions.catalogue,
            damaged: {
                environment.log.error(
                    "records of the catalogue are damaged and left out", ["error": "\($0)"])
            }, note: { environment.startProgress.note($0) })
        self.snapshot = snapshot
    }

    /// What ingest must know of items and of links; `key` is the folder's.
    func fold(key: HashKey) throws -> (ItemDirectory, IdentityGraph) {
        var items = ItemDirectory(key: key)
        var graph = IdentityGraph()
        try snapshot.forEachRecord { record in
            switch record.content {
            case .item(let item): items.put(item)
            case .link(let link): graph.apply(link)
            default: break
            }
        }
        return (items, graph)
    }

    /// Replaces the file where that spares the next start much.
    ///
    /// - Returns: how many records are in the log and not in the file.
    func saveIfWorth() throws -> Int {
        guard readOn >= snapshot.worth, let identity else { return readOn }
        try snapshot.write(folder: folder, of: identity)
        return 0
    }
}

/// When the snapshot of the catalogue is made anew, on a thread of its own.
struct SnapshotPass {
    private var isRunning = false
    private var records = 0
    /// Of the catalogue, in the log and not in the snapshot.
    private var missing = 0
    /// Below this a start reads on at once.
    private static let worthMin = 10_000

    init() {}

    init(_ held: (records: Int, missing: Int)) { (records, missing) = held }

    /// Takes appended records; true when a new snapshot is to be made now.
    mutating func isDue(appended: Int) -> Bool {
        missing += appended
        guard !isRunning, missing >= max(Self.worthMin, records / 2) else { return false }
        isRunning = true
        missing = 0
        return true
    }

    /// Nil: it failed, and is tried again when as much has come once more.
    mutating func end(_ made: (records: Int, missing: Int)?) {
        isRunning = false
        guard let made else { return }
        records = made.records
        missing += made.missing
    }
}
