import Events
import Runtime
import Storage
import System

/// Makes a new data folder from a backup, as of the backup's end or of an earlier moment.
package struct Restore {
    private let backup: String
    private let target: String
    private let progress: Progress

    private var partial: String { "\(target).partial" }

    /// What was made.
    package struct Outcome: Sendable, Equatable {
        package var folder: String
        /// Records of the log after the cut, the catalogue's included.
        package var records: UInt64 = 0
        /// Records that came in after the moment.
        package var cutRecords: UInt64 = 0
        /// Partitions whose state was ahead of the cut and was folded again.
        package var rebuilt: [Int] = []
        /// False when new keys were made.
        package var hasOldKeys = false
    }

    package init(
        _ backup: String, into target: String, progress: @escaping Progress = { _, _ in }
    ) {
        self.backup = Files.absolute(backup)
        self.target = Files.absolute(target)
        self.progress = progress
    }

    /// Restores; the folder is whole under its name or not there. Everything that came in after
    /// `timeMs` is left out.
    package func run(
        until timeMs: Int64? = nil, forgettingProducers: Bool = false, threads: Int = 1
    ) throws -> Outcome {
        try NewFolder.require(target)
        let manifest = try BackupManifest.load(backup)
        let problems = manifest.problems(in: backup)
        if let first = problems.first {
            throw ArchiveFailure.damaged(
                file: "\(backup)/\(first.file)",
                first.problem
                    + (problems.count > 1 ? "; \(problems.count - 1) more files too" : ""))
        }
        return try NewFolder.make(target) { folder in
            try copy(manifest, into: folder)
            var outcome = Outcome(folder: target, hasOldKeys: manifest.hasKeys)
            if let timeMs {
                outcome.cutRecords = try LogCut(folder).cut(
                    after: timeMs, forgettingProducers: forgettingProducers)
                outcome.rebuilt = try StateFolder(folder).rebuildThoseAhead(
                    threads: threads, progress: progress)
            }
            let log = try SQLiteEventLog(folder: folder.logFolder)
            let firsts = try log.firsts()
            outcome.records = zip(try log.ends(), firsts).reduce(0) { $0 + ($1.0 - $1.1) }
            return outcome
        }
    }

    private func copy(_ manifest: BackupManifest, into folder: DataFolder) throws {
        var done = 0
        for file in manifest.files {
            let path = "\(folder.path)/\(file.path)"
            try Files.makeFolder(Files.parent(of: path))
            try Files.remove(path)
            try Files.copy("\(backup)/\(file.path)", to: path)
            done += file.bytes
            progress(done, manifest.bytes)
        }
    }
}

/// A data folder in the making: under its name it is whole or not there.
enum NewFolder {
    /// Refuses a name under which there is something.
    static func require(_ target: String) throws {
        guard Files.exists(target) else { return }
        let isEmpty = Files.isFolder(target) && ((try? Files.list(target)) ?? ["?"]).isEmpty
        guard isEmpty else {
            throw ArchiveFailure.refused(
                "\(target) is not empty", hint: "give the name of a folder that is not there yet")
        }
    }

    /// Makes it with configuration and keys, lets the body fill it, and gives it its name.
    static func make<Value>(
        _ target: String, _ body: (DataFolder) throws -> Value
    ) throws -> Value {
        let partial = "\(target).partial"
        try Files.removeTree(partial)
        do {
            let folder = try DataFolder.initialise(partial)
            let value = try body(folder)
            for path in [folder.stateFolder, folder.baseFolder, folder.logFolder, partial]
            where Files.isFolder(path) { try Files.syncFolder(path) }
            // Sockets are named after the folder; the final one makes its own place for them.
            try Files.removeTree(folder.runFolder)
            try Files.rename(partial, target)
            try Files.syncFolder(Files.parent(of: target))
            return value
        } catch {
            try? Files.removeTree(partial)
            throw error
        }
    }
}
