import Foundation
import Runtime
import System

/// What a backup holds: written last, so that a folder without it is no backup.
package struct BackupManifest: Codable, Sendable, Equatable {
    package static let fileName = "manifest.json"
    /// 2 since the manifest has a sum of its own.
    static let format = 2

    package struct Entry: Codable, Sendable, Equatable {
        /// Below the backup's folder.
        package var path: String
        package var bytes: Int
        package var sha256: String
    }

    /// Where one partition stood.
    package struct Offsets: Codable, Sendable, Equatable {
        package var partition: Int
        /// Below the log's first offset there is only the base.
        package var logFirst: UInt64
        package var logEnd: UInt64
        package var base: UInt64
        /// Records in the state; 64, the catalogue, has none.
        package var applied: UInt64
    }

    package var format = BackupManifest.format
    package var build = Build.name
    /// The folder that was backed up.
    package var source: String
    package var startedMs: Int64
    package var finishedMs: Int64
    /// When the oldest and the newest record of the log came in.
    package var receivedFromMs: Int64
    package var receivedToMs: Int64
    package var hasKeys: Bool
    /// SHA-256 of the manifest without this; nil in format 1.
    package var sha256: String?
    package var offsets: [Offsets]
    package var files: [Entry]

    package var bytes: Int { files.reduce(0) { $0 + $1.bytes } }
    package var records: UInt64 { offsets.reduce(0) { $0 + ($1.logEnd - $1.logFirst) } }

    /// The file, with its sum.
    func encoded() throws -> [UInt8] {
        var whole = self
        whole.sha256 = try sum()
        return try whole.json()
    }

    private func sum() throws -> String {
        var plain = self
        plain.sha256 = nil
        return Digest.sha256Hex(try plain.json())
    }

    private func json() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self)) + [0x0a]
    }

    /// Reads the manifest of a backup; refuses what is none, or of a newer format.
    package static func load(_ folder: String) throws -> BackupManifest {
        let path = "\(folder)/\(fileName)"
        guard Files.exists(path) else {
            throw ArchiveFailure.refused(
                "\(folder) is not a backup: it has no \(fileName)",
                hint: "limn backup DIR makes one; a name that ends in .partial is half of one")
        }
        var manifest: BackupManifest
        do {
            let bytes = try Files.read(path, bytesMax: 64 << 20)
            manifest = try JSONDecoder().decode(BackupManifest.self, from: Data(bytes))
        } catch {
            throw ArchiveFailure.damaged(file: path, "cannot be read: \(error)")
        }
        guard (1...format).contains(manifest.format) else {
            throw ArchiveFailure.damaged(
                file: path, "format \(manifest.format); this build reads 1 to \(format)")
        }
        if manifest.format > 1, try manifest.sum() != manifest.sha256 {
            throw ArchiveFailure.damaged(file: path, "is not as it was written")
        }
        manifest.sha256 = nil
        for file in manifest.files {
            let parts = file.path.split(separator: "/", omittingEmptySubsequences: false)
            guard !parts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }) else {
                throw ArchiveFailure.damaged(file: path, "names the file \(file.path)")
            }
        }
        return manifest
    }

    /// What is wrong with a backup's files, by name; empty when every byte is as it was written.
    package func problems(
        in folder: String, progress: Progress = { _, _ in }
    ) -> [(file: String, problem: String)] {
        var found: [(file: String, problem: String)] = []
        var done = 0
        for file in files {
            let path = "\(folder)/\(file.path)"
            do throws(SystemError) {
                if try Files.size(path) != file.bytes {
                    found.append((file.path, "\(try Files.size(path)) bytes, not \(file.bytes)"))
                } else if try Digest.sha256Hex(file: path) != file.sha256 {
                    found.append((file.path, "its SHA-256 is another"))
                }
            } catch {
                found.append((file.path, "\(error)"))
            }
            done += file.bytes
            progress(done, bytes)
        }
        return found
    }
}
