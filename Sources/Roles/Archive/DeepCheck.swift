import Features
import Foundation
import Messages
package import Runtime
import Storage
import System

/// Something on disk that is not as it was written.
package struct DamagedFile: Sendable, Equatable {
    /// Below the folder.
    package var file: String
    package var problem: String
}

/// Reads every byte of a data folder that has a sum or a form of its own, and names what is
/// damaged: the log, states and their base, models, kept audiences, leases and lists. The cluster
/// may run meanwhile.
package struct DeepCheck: Sendable {
    private let folder: DataFolder

    package init(_ folder: DataFolder) { self.folder = folder }

    /// Everything that is damaged or missing; empty when nothing is.
    package func run(progress: Progress = { _, _ in }) throws -> [DamagedFile] {
        let guardian = try RetentionLock.shared(folder)
        defer { withExtendedLifetime(guardian) {} }
        var found: [DamagedFile] = []
        let steps = Endpoints.partitions + 3
        found += log()
        progress(1, steps)
        for partition in 0..<Endpoints.partitions {
            for (path, name) in [(folder.stateFolder, "state"), (folder.baseFolder, "base")] {
                found += store(path, name, partition)
            }
            progress(partition + 2, steps)
        }
        found += models()
        progress(steps - 1, steps)
        found += smallFiles()
        progress(steps, steps)
        return found
    }

    private func damage(_ file: String, _ problem: String) -> DamagedFile {
        DamagedFile(file: file, problem: problem)
    }

    // MARK: The log

    private func log() -> [DamagedFile] {
        let name = "log/events.sqlite"
        guard Files.exists(folder.eventLogFile) else { return [] }
        var found: [DamagedFile] = []
        do {
            let log = try SQLiteEventLog(folder: folder.logFolder, readOnly: true)
            if let problem = try StoredFile.damage(folder.eventLogFile) {
                found.append(damage(name, problem))
            }
            for (partition, first) in try log.firsts().enumerated() {
                do {
                    try LogScan(log, partition: partition).forEachRecord(from: first) { _, record in
                        _ = try RecordFields(record, 0..<record.count)
                    }
                } catch {
                    let text = ArchiveFailure(error).description
                    found.append(damage(name, "partition \(partition): \(text)"))
                }
            }
            _ = try log.quarantine()
        } catch {
            found.append(damage(name, ArchiveFailure(error).description))
        }
        return found
    }

    // MARK: States

    private func store(_ path: String, _ name: String, _ partition: Int) -> [DamagedFile] {
        let file = "\(name)/\(partition).sqlite"
        do {
            guard Files.exists(SQLitePartitionStore.path(folder: path, partition: partition))
            else {
                let lost = name == "state" ? try StateFiles(folder).lost(partition) : nil
                return lost.map { [damage(file, $0.description)] } ?? []
            }
            let store = try SQLitePartitionStore(
                folder: path, partition: partition, readOnly: true)
            return try problems(in: store).map { damage(file, $0) }
        } catch {
            return [damage(file, ArchiveFailure(error).description)]
        }
    }

    private func problems(in store: SQLitePartitionStore) throws -> [String] {
        var found: [String] = []
        if let problem = try store.structuralDamage() { found.append(problem) }
        var damaged: [UInt64] = []
        var unreadable: [UInt64] = []
        try store.snapshot {
            try store.forEachUser(damaged: { damaged.append($0) }) { key, bytes in
                if (try? UserState(decoding: bytes)) == nil { unreadable.append(key) }
            }
        }
        for (keys, what) in [
            (damaged, "are not as they were written"), (unreadable, "cannot be read"),
        ]
        where !keys.isEmpty {
            found.append("\(keys.count) states \(what), first under key \(keys[0])")
        }
        if let problem = OutboxCheck(store).problem() { found.append(problem) }
        return found
    }

    // MARK: Models

    private func models() -> [DamagedFile] {
        guard Files.isFolder(folder.modelsFolder) else { return [] }
        do {
            return try Files.list(folder.modelsFolder).flatMap { name -> [DamagedFile] in
                let path = "\(folder.modelsFolder)/\(name)"
                guard name.hasSuffix(".json") else { return [] }
                return Self.manifests(try Files.read(path), current: name == "current.json")
                    .problems(in: folder.modelsFolder)
                    .map { damage("models/\($0.file ?? name)", $0.problem) }
            }
        } catch {
            return [damage("models", "\(error)")]
        }
    }

    /// What manifests say of their models' files.
    private struct Manifests {
        struct Entry: Decodable {
            var file: String
            var sha256: String
        }

        var entries: [Entry]
        var problem: String?

        func problems(in folder: String) -> [(file: String?, problem: String)] {
            if let problem { return [(nil, problem)] }
            return entries.compactMap { entry in
                let path = "\(folder)/\(entry.file)"
                do throws(SystemError) {
                    guard try Digest.sha256Hex(file: path) != entry.sha256 else { return nil }
                    return (entry.file, "its SHA-256 is another than its manifest says")
                } catch {
                    // A version that was replaced meanwhile is no loss.
                    return Files.exists(path) ? (entry.file, "\(error)") : nil
                }
            }
        }
    }

    private static func manifests(_ bytes: [UInt8], current: Bool) -> Manifests {
        do {
            let decoder = JSONDecoder()
            let data = Data(bytes)
            let entries =
                current
                ? try decoder.decode([Manifests.Entry].self, from: data)
                : [try decoder.decode(Manifests.Entry.self, from: data)]
            return Manifests(entries: entries)
        } catch {
            return Manifests(entries: [], problem: "cannot be read: \(error)")
        }
    }

    // MARK: Small files

    private func smallFiles() -> [DamagedFile] {
        var found: [DamagedFile] = []
        for path in [folder.leasesFile, folder.audiencesFile] where Files.exists(path) {
            let name = String(path.dropFirst(folder.path.utf8.count + 1))
            do {
                if let problem = try StoredFile.damage(path) { found.append(damage(name, problem)) }
            } catch {
                found.append(damage(name, "\(error)"))
            }
        }
        do {
            let files = AudienceFiles(folder: "\(folder.path)/audiences")
            for name in try files.damaged() {
                found.append(damage("audiences/\(name)", "its bytes are not those that were kept"))
            }
        } catch {
            found.append(damage("audiences", "\(error)"))
        }
        return found
    }
}
