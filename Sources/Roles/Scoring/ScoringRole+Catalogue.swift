import Dispatch
import Events
import Identity
import Messages
import Runtime
import Storage
import System
import ZeroMQ

/// Beginning with the snapshot of the catalogue that ingest keeps beside its log, so that a start
/// asks ingest only for what came after.
extension ScoringRole {
    /// Records taken in before others get their turn on the loop.
    private static let recordsPerTurn = 5_000

    /// Without one that fits the log, everything is asked for.
    func loadCatalogue() async {
        do {
            guard let (records, offset) = try await Self.readSnapshot(environment) else { return }
            for start in stride(from: 0, to: records.count, by: Self.recordsPerTurn) {
                let past = min(start + Self.recordsPerTurn, records.count)
                for record in records[start..<past] { take(record) }
                environment.startProgress.note(past - start)
                await nextTurn()
            }
            itemOffset = offset
        } catch {
            environment.log.warning(
                "the snapshot of the catalogue is not used: ingest is asked for all of it",
                ["error": "\(error)"])
        }
    }

    /// The log has lost its end: what was read of it may be gone, and other records may come in its
    /// place. Items that are gone stay until they are sent again, which takes nobody's offers away.
    func readCatalogueAnew() throws {
        environment.log.error(
            "the catalogue is ahead of the log: it is read again",
            ["code": "LOG_BEHIND", "read": "\(itemOffset)"])
        itemOffset = 0
        graph = IdentityGraph()
        var position = Position()
        position.partition = UInt32(Partitions.catalogue)
        items?.restart(from: [position])
        try items?.tick(at: Clock.monotonic())
    }

    private func nextTurn() async {
        await withCheckedContinuation { continuation in
            environment.loop.perform { continuation.resume() }
        }
    }

    private static func readSnapshot(
        _ environment: RoleEnvironment
    ) async throws -> (records: [Record], offset: UInt64)? {
        let folder = environment.folder.logFolder
        return try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(
                    with: Result {
                        let log = try SQLiteEventLog(folder: folder, readOnly: true)
                        let read = try CatalogueSnapshot.read(
                            folder: folder, of: log, partition: Partitions.catalogue)
                        guard let read else { return nil }
                        var records: [Record] = []
                        try read.forEachRecord { records.append($0) }
                        return (records, read.offset)
                    })
            }
        }
    }
}
