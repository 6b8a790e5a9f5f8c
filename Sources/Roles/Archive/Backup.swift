import Events
package import Runtime
import Storage
import System

/// Copies a data folder while its cluster runs, or does not.
///
/// The states come first and the log last, each as one unchanging view: so no state is ahead of the
/// log, and what the states lack is folded from it after a restore.
package struct Backup {
    private let folder: DataFolder
    private let target: String
    private let withKeys: Bool
    private let progress: Progress
    private var entries: [BackupManifest.Entry] = []
    private var expected = 0
    private var done = 0

    private var partial: String { "\(target).partial" }

    package init(
        of folder: DataFolder, to target: String, withKeys: Bool,
        progress: @escaping Progress = { _, _ in }
    ) {
        self.folder = folder
        self.target = Files.absolute(target)
        self.withKeys = withKeys
        self.progress = progress
    }

    /// Makes the backup; under its name it is whole or not there.
    package mutating func run() throws -> BackupManifest {
        guard !Files.exists(target) else {
            throw ArchiveFailure.refused(
                "\(target) exists already", hint: "a backup is a new folder: choose another name")
        }
        guard Files.exists(folder.eventLogFile) else {
            throw ArchiveFailure.refused(
                "\(folder.path) has no event log yet", hint: "start the cluster once")
        }
        let guardian = try RetentionLock.shared(folder)
        defer { withExtendedLifetime(guardian) {} }
        try Files.makeFolder(Files.parent(of: target))
        let maker = try Self.hold(partial)
        defer { withExtendedLifetime(maker) {} }
        do {
            let manifest = try fill()
            for name in try Files.list(partial) where Files.isFolder("\(partial)/\(name)") {
                try Files.syncFolder("\(partial)/\(name)")
            }
            try Files.rename(partial, target)
            try Files.syncFolder(Files.parent(of: target))
            try? Files.remove(Self.lockFile(partial))
            return manifest
        } catch {
            try? Files.removeTree(partial)
            try? Files.remove(Self.lockFile(partial))
            throw error
        }
    }

    private static func lockFile(_ partial: String) -> String { "\(partial).lock" }

    /// One backup at a time works on a name; what a killed one left behind goes.
    private static func hold(_ partial: String) throws -> HeldName {
        do throws(FolderLock.Failure) {
            let held = HeldName(try FolderLock(lockFile(partial), note: "limn backup"))
            do { try Files.removeTree(partial) } catch { throw .system(error) }
            do { try Files.makeFolder(partial) } catch { throw .system(error) }
            return held
        } catch {
            throw ArchiveFailure.refused(
                "cannot write \(partial): \(error)", hint: "is another backup under way?")
        }
    }

    private mutating func fill() throws -> BackupManifest {
        let startedMs = Clock.wallMs()
        try requireSpace()
        var offsets = (0...Partitions.catalogue).map {
            BackupManifest.Offsets(partition: $0, logFirst: 0, logEnd: 0, base: 0, applied: 0)
        }
        for partition in 0..<Partitions.users {
            let (state, base) = (folder.stateFolder, folder.baseFolder)
            offsets[partition].applied = try copyStore(state, "state", partition)
            offsets[partition].base = try copyStore(base, "base", partition)
        }
        try copyPlainFiles()
        let (firsts, ends, received) = try copyLog()
        for partition in 0...Partitions.catalogue {
            offsets[partition].logFirst = firsts[partition]
            offsets[partition].logEnd = ends[partition]
            if partition < Partitions.users, let lost = try lost(partition, ends[partition]) {
                throw lost
            }
            guard offsets[partition].applied <= ends[partition] else {
                throw ArchiveFailure.damaged(
                    file: "state/\(partition).sqlite",
                    "it has \(offsets[partition].applied) records, the log \(ends[partition])")
            }
        }
        try removeSideFiles()
        let manifest = BackupManifest(
            source: folder.path, startedMs: startedMs, finishedMs: Clock.wallMs(),
            receivedFromMs: received.lowerBound, receivedToMs: received.upperBound,
            hasKeys: withKeys, offsets: offsets, files: entries)
        try Files.writeAtomically(
            "\(partial)/\(BackupManifest.fileName)", try manifest.encoded(), mode: 0o600)
        return manifest
    }

    private mutating func requireSpace() throws {
        var paths = [folder.eventLogFile]
        for folder in [folder.stateFolder, folder.baseFolder, folder.modelsFolder] {
            paths += ((try? Files.list(folder)) ?? []).map { "\(folder)/\($0)" }
        }
        expected = paths.reduce(0) { $0 + ((try? Files.size($1)) ?? 0) }
        let free = try Files.freeBytes(partial)
        guard free > UInt64(expected) else {
            throw ArchiveFailure.refused(
                "\(target) needs \(expected >> 20) MiB, and there are \(free >> 20) MiB",
                hint: "free some space, or choose another disk")
        }
    }

    /// Copies a partition's store, if there is one; answers how far it has the log.
    private mutating func copyStore(
        _ source: String, _ name: String, _ partition: Int
    ) throws -> UInt64 {
        guard Files.exists(SQLitePartitionStore.path(folder: source, partition: partition)) else {
            return 0
        }
        try Files.makeFolder("\(partial)/\(name)")
        let store = try SQLitePartitionStore(
            folder: source, partition: partition, readOnly: true)
        let path = "\(name)/\(partition).sqlite"
        try store.copy(to: "\(partial)/\(path)")
        try enter(path)
        let copy = try SQLitePartitionStore(
            folder: "\(partial)/\(name)", partition: partition, readOnly: true)
        return try copy.appliedOffset()
    }

    /// A state that should be there is an error: a backup without it would pass for a whole one.
    /// Where there is none at all nobody has folded yet, and a log alone is whole.
    private func lost(_ partition: Int, _ records: UInt64) throws -> ArchiveFailure? {
        guard records > 0, Files.isFolder("\(partial)/state"),
            !Files.exists("\(partial)/state/\(partition).sqlite")
        else { return nil }
        return try StateFiles(folder).lost(partition)
    }

    private mutating func copyLog() throws -> ([UInt64], [UInt64], ClosedRange<Int64>) {
        try Files.makeFolder("\(partial)/log")
        let log = try SQLiteEventLog(folder: folder.logFolder, readOnly: true)
        let (before, progress, expected) = (done, progress, expected)
        let bytes = try log.fileBytes().all
        try log.copy(to: "\(partial)/log/events.sqlite") { pages, all in
            progress(before + bytes / max(all, 1) * pages, max(expected, before + bytes))
        }
        try enter("log/events.sqlite")
        let copy = try SQLiteEventLog(folder: "\(partial)/log", readOnly: true)
        return (try copy.firsts(), try copy.ends(), try copy.receivedRange() ?? 0...0)
    }

    /// Reading a copy leaves empty files beside it.
    private func removeSideFiles() throws {
        for name in ["state", "base", "log"] where Files.isFolder("\(partial)/\(name)") {
            for file in try Files.list("\(partial)/\(name)")
            where !file.hasSuffix(".sqlite") && file != Quarantine.fileName {
                try Files.remove("\(partial)/\(name)/\(file)")
            }
        }
    }

    /// Models, configuration and, if wanted, keys: files that are replaced as a whole.
    private mutating func copyPlainFiles() throws {
        try copy(folder.configurationFile, as: "limn.json5")
        try copyFolder(folder.modelsFolder, as: "models")
        // After the states: whatever one of them left out is in the list by now.
        let quarantine = "log/\(Quarantine.fileName)"
        if Files.exists("\(folder.path)/\(quarantine)") {
            try Files.makeFolder("\(partial)/log")
            try copy("\(folder.path)/\(quarantine)", as: quarantine)
        }
        if withKeys { try copyFolder(folder.keysFolder, as: "keys") }
    }

    private mutating func copyFolder(_ source: String, as name: String) throws {
        guard Files.isFolder(source) else { return }
        try Files.makeFolder("\(partial)/\(name)")
        // The list of current models first: the versions it names stay for a while.
        let first = "current.json"
        if Files.exists("\(source)/\(first)") {
            try copy("\(source)/\(first)", as: "\(name)/\(first)")
        }
        for file in try Files.list(source) where !file.hasSuffix(".tmp") && file != first {
            guard !Files.isFolder("\(source)/\(file)") else { continue }
            try copy("\(source)/\(file)", as: "\(name)/\(file)")
        }
    }

    private mutating func copy(_ source: String, as path: String) throws {
        do throws(SystemError) {
            try Files.copy(source, to: "\(partial)/\(path)")
        } catch {
            // A model that was replaced meanwhile is no loss.
            if !Files.exists(source) { return }
            throw error
        }
        try enter(path)
    }

    private mutating func enter(_ path: String) throws {
        let file = "\(partial)/\(path)"
        let bytes = try Files.size(file)
        entries.append(
            BackupManifest.Entry(
                path: path, bytes: bytes, sha256: try Digest.sha256Hex(file: file)))
        done += bytes
        progress(done, max(expected, done))
    }
}

/// A lock that can be kept in a variable.
private final class HeldName {
    private let lock: FolderLock

    init(_ lock: consuming FolderLock) { self.lock = lock }
}
