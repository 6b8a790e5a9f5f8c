import Messages
import Runtime
import Storage

/// Where rejects are read: from the running ingest, or from its log while it is stopped.
enum RejectSource {
    static func list(_ request: RejectsRequest, _ invocation: Invocation) throws -> Rejects {
        do throws(CommandFailure) {
            return try invocation.cluster().ask(
                .ingest, request, as: Rejects.self, timeoutMs: 3_000)
        } catch {
            guard error.exit == .unavailable else { throw error }
            guard let found = try? read(request, folder: invocation.folder) else { throw error }
            return found
        }
    }

    private static func read(_ request: RejectsRequest, folder path: String) throws -> Rejects {
        let folder = try DataFolder(path)
        try folder.requireInitialised()
        let log = try SQLiteEventLog(folder: folder.logFolder, readOnly: true)
        return try RejectList(log: log, folder: folder.logFolder).answer(request)
    }
}
