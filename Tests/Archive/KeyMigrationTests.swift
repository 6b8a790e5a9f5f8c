import Archive
import Events
import Features
import Messages
import Runtime
import SQLite
import Storage
import System
import TestSupport
import Testing

/// Files of the version before lie under XXH64; a copied folder lies under the original's secret.
@Suite("State files ordered by another secret, or by none, are read and put in order")
struct KeyMigrationTests {
    private func world() throws -> (world: World, ids: [String]) {
        let world = try World(users: 30)
        for _ in 0..<3 { try world.append(60, items: 1) }
        var maker = EqualHashes(seed: 6)
        let ids = maker.next(60)
        try world.append(ids: ids)
        try world.append(ids: Array(ids.prefix(20)))
        try world.work()
        return (world, ids)
    }

    /// Puts the files of a folder into the order of the version before.
    private func age(_ folder: String) throws {
        for partition in 0..<Partitions.users {
            let path = SQLitePartitionStore.path(folder: folder, partition: partition)
            guard Files.exists(path) else { continue }
            var rows: [(key: UInt64, state: [UInt8])] = []
            var taken: Set<UInt64> = []
            try SQLitePartitionStore(folder: folder, partition: partition)
                .forEachUser { _, state in
                    var key = XXH64.hash(try UserState(decoding: state).userID)
                    while !taken.insert(key).inserted { key &+= 1 }
                    rows.append((key, state.array(0..<state.count)))
                }
            let database = try Database(path: path, options: DatabaseOptions())
            try database.execute(
                """
                DELETE FROM users; DROP TABLE IF EXISTS user_keys;
                ALTER TABLE users DROP COLUMN sum;
                ALTER TABLE outbox DROP COLUMN sum;
                ALTER TABLE meta DROP COLUMN sum;
                ALTER TABLE meta DROP COLUMN unsummed;
                PRAGMA user_version = 1
                """)
            let put = try database.prepare("INSERT INTO users VALUES (?, ?)")
            for row in rows {
                try put.bind(bits: row.key, at: 1)
                try put.bind(row.state, at: 2)
                try put.run()
            }
        }
    }

    private func open(_ folder: DataFolder, base: Bool = false) throws -> Int {
        let keys = UserKeys(HashKey(try HashSecret.loadOrMake(folder).words))
        let stores = FolderStores(
            folder: folder.stateFolder, base: base ? folder.baseFolder : nil, keying: keys.rows)
        var users = 0
        for partition in 0..<Partitions.users {
            users += try stores.open(partition: partition, epoch: 9).userCount()
        }
        return users
    }

    private func users(_ ids: [String]) -> [String] { (0..<30).map { "user-\($0)" } + ids }

    private func expectAll(_ ids: [String], in folder: DataFolder) throws {
        let reader = StateReader(folder)
        for id in users(ids) { #expect(try reader.state(of: id)?.userID == id) }
        #expect(try reader.state(of: "nobody") == nil)
    }

    @Test("a folder of the version before: read as it is, then in order, the same states")
    func before() throws {
        let (world, ids) = try world()
        let folder = world.folder
        try age(folder.stateFolder)
        try Files.remove(folder.hashSecretFile)
        try expectAll(ids, in: folder)
        #expect(try world.verdicts().allSatisfy(\.isEqual))
        // The secret is there, no worker has opened a file yet.
        _ = try HashSecret.loadOrMake(folder)
        try expectAll(ids, in: folder)
        #expect(try world.verdicts().allSatisfy(\.isEqual))
        #expect(try open(folder) == 90)
        let check = try folder.userKeys().check
        for partition in 0..<Partitions.users {
            let store = try SQLitePartitionStore(
                folder: folder.stateFolder, partition: partition, readOnly: true)
            #expect(try store.keyCheck() == check)
        }
        try expectAll(ids, in: folder)
        #expect(try world.verdicts().allSatisfy(\.isEqual))
        #expect(try world.differences(in: folder, at: world.ends) == [])
    }

    @Test("an altered state is found by verify before and after the files are in order")
    func altered() throws {
        let (world, ids) = try world()
        try age(world.folder.stateFolder)
        let partition = Partitions.partition(ofUser: ids[0])
        let database = try Database(
            path: world.statePath(partition), options: DatabaseOptions())
        try database.execute("DELETE FROM users WHERE key = (SELECT max(key) FROM users)")
        for _ in 0..<2 {
            let verdict = try Verification(world.folder, threads: 1).run([partition])[0]
            #expect(!verdict.isEqual && verdict.differing == 1)
            _ = try open(world.folder)
        }
    }

    @Test("a base of the version before becomes a state in order")
    func base() throws {
        let (world, ids) = try world()
        let folder = world.folder
        try Files.makeFolder(folder.baseFolder)
        for partition in 0..<Partitions.users where world.ends[partition] > 0 {
            let path = world.statePath(partition)
            try SQLitePartitionStore.scratch(path: path, partition: partition).settle()
            for suffix in ["-wal", "-shm"] { try Files.remove(path + suffix) }
            try Files.rename(
                path,
                SQLitePartitionStore.path(folder: folder.baseFolder, partition: partition))
        }
        try age(folder.baseFolder)
        #expect(try open(folder, base: true) == 90)
        try expectAll(ids, in: folder)
        #expect(try world.verdicts().allSatisfy(\.isEqual))
        try world.append(ids: ids)
        try world.work()
        #expect(try world.verdicts().allSatisfy(\.isEqual))
    }

    @Test("a restore under new keys, and a secret that was replaced")
    func otherSecret() throws {
        let (world, ids) = try world()
        var backup = Backup(of: world.folder, to: "\(world.parent)/backup", withKeys: false)
        _ = try backup.run()
        _ = try Restore("\(world.parent)/backup", into: "\(world.parent)/new").run()
        let restored = try DataFolder("\(world.parent)/new")
        #expect(try HashSecret.load(restored) != HashSecret.load(world.folder))
        try expectAll(ids, in: restored)
        #expect(try world.verdicts(of: restored).allSatisfy(\.isEqual))
        #expect(try open(restored) == 90)
        try expectAll(ids, in: restored)
        #expect(try world.verdicts(of: restored).allSatisfy(\.isEqual))
        try Files.remove(restored.hashSecretFile)
        #expect(try open(restored) == 90)
        #expect(try world.differences(in: restored, at: world.ends) == [])
        #expect(try world.verdicts(of: restored).allSatisfy(\.isEqual))
    }
}
