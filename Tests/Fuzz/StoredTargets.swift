import Audiences
import Events
import Features
import Messages
import Runtime
import SQLite
import System
import Training

@testable import Archive
@testable import Storage

/// What lies on the disk.
enum StoredTargets {
    static func all(in folder: String) throws -> [(weight: Int, target: any FuzzTarget)] {
        let world = try FuzzWorld(seed: FuzzSettings.seed)
        return [
            (24, try StateTarget(world: world)),
            (16, BlockTarget(world: world)),
            (12, OutboxTarget(world: world)),
            (10, DirectoryTarget()),
            (6, SnapshotTarget(folder: folder)),
            (16, try ModelTarget(world: world)),
            (6, TextTarget(folder: folder)),
            (2, try StoreFileTarget(folder: folder, world: world)),
            (2, try SmallFilesTarget(folder: folder)),
            (2, try LogFileTarget(folder: folder, world: world)),
        ]
    }
}

/// The directory of a group of the log.
struct DirectoryTarget: FuzzTarget {
    func run(_ random: inout FuzzRandom) throws {
        var directory = GroupDirectory(starts: (0..<65).map { UInt64($0) * 1000 })
        for _ in 0..<random.below(6) {
            directory.entries.append(.init(partition: random.below(65), count: random.below(9)))
        }
        let bytes = random.damage(directory.encode())
        guard let read = try? GroupDirectory(decoding: bytes.span, partitions: 65) else { return }
        _ = read.ends
        let again = try GroupDirectory(decoding: read.encode().span, partitions: 65)
        guard again == read else { throw FuzzFailure("a directory changes: \(bytes)") }
    }
}

/// A kept audience: its own bytes, or nothing.
struct SnapshotTarget: FuzzTarget {
    let folder: String

    func run(_ random: inout FuzzRandom) throws {
        var snapshot = AudienceSnapshot()
        snapshot.name = "spring"
        snapshot.condition = "stats.spend_life > 1"
        snapshot.asOfMs = FuzzWorld.nowMs
        snapshot.userIDs = ["a", "b", "c"]
        let good = snapshot.encoded()
        if let read = try? AudienceSnapshot(decoding: random.damage(good)) {
            _ = read.encoded()
            _ = AudienceCSV.text(read.userIDs)
        }
        guard random.below(8) == 0 else { return }
        let files = AudienceFiles(folder: "\(folder)/audiences")
        let (version, path) = try files.add("spring") { _ in good }
        let bytes = try Files.read(path)
        let damaged = random.damage(bytes)
        try Files.scribble(path, damaged)
        let read = try files.read("spring", version)
        if damaged != bytes, read == good { throw FuzzFailure("damage not seen: \(damaged)") }
        try Files.remove(path)
    }
}

/// Small files of text: lists, manifests, configurations.
struct TextTarget: FuzzTarget {
    let folder: String

    func run(_ random: inout FuzzRandom) throws {
        switch random.below(5) {
        case 0:
            let text = "3 17 1750000000000 0a0b ended the worker\n63 4 5 00 why\n"
            try write(Quarantine.fileName, random.damage(Array(text.utf8)))
            guard let list = try? Quarantine(folder: folder) else { return }
            for record in list.records { _ = list.offsets(of: record.partition) }
        case 1:
            let text = "features 3 0 17 1\nfeatures 4 0 18 9223372036854775807\n"
            try write("deaths.txt", random.damage(Array(text.utf8)))
            let place = CrashMarker.Place(first: 3, second: 0, step: 17)
            _ = try DeathBook.note("features", place, folder: folder)
        case 2:
            try write("manifest.json", random.damage(try Self.manifest()))
            if let read = try? BackupManifest.load(folder) { _ = (read.bytes, read.records) }
        case 3:
            var model = Model()
            (model.name, model.version, model.file) = ("als", 3, "als-3.safetensors")
            let bytes = random.damage(try ManifestFile.encode([model]))
            if let models = try? ManifestFile.decode(bytes) { _ = try ManifestFile.encode(models) }
        default:
            let text = random.damage(Array(Configuration.defaultText.utf8))
            _ = try? Configuration.parse(String(decoding: text, as: UTF8.self), file: "limn.json5")
        }
    }

    private func write(_ name: String, _ bytes: [UInt8]) throws {
        try Files.scribble("\(folder)/\(name)", bytes)
    }

    private static func manifest() throws -> [UInt8] {
        let offsets = (0...64).map {
            BackupManifest.Offsets(partition: $0, logFirst: 1, logEnd: 9, base: 0, applied: 4)
        }
        return try BackupManifest(
            source: "/shop", startedMs: 1, finishedMs: 2, receivedFromMs: 3, receivedToMs: 4,
            hasKeys: false, offsets: offsets, files: []
        ).encoded()
    }
}
